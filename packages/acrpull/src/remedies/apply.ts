import { Listr, ListrDefaultRendererLogLevels, PRESET_TIMER } from 'listr2';
import type { Azure } from '../azure/azure.ts';
import { Failure } from '../failure.ts';
import { siteName } from '../pull-path/links.ts';
import type { SitePlan, Step } from './plan.ts';

/**
 * Applies the plans: sites side by side, the steps of one site in their order. Ctrl-C and failures stop before the
 * next step; each step is whole or not done, and the message says which were.
 */
export async function applyPlans(azure: Azure, plans: SitePlan[], silent: boolean): Promise<void> {
  const done: string[] = [];
  const failures: string[] = [];
  const open = new Set(plans.flatMap((plan) => plan.steps.map((step) => stepName(plan, step))));
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
  };
  process.on('SIGINT', interrupt);

  const applySite = async (
    plan: SitePlan,
    step: (name: string, work: () => Promise<void>) => Promise<void>,
  ) => {
    let view = plan.view;
    for (const it of plan.steps) {
      if (interrupted) throw new Error('interrupted');
      const name = stepName(plan, it);
      await step(name, async () => {
        view = await it.repair.apply(azure, view);
        open.delete(name);
        done.push(name);
      });
    }
  };

  const tasks = new Listr(
    plans
      .filter(({ steps }) => steps.length > 0)
      .map((plan) => ({
        title: siteName(plan.view),
        task: (_, task) =>
          applySite(plan, async (name, work) => {
            task.output = name;
            await work();
            task.title = `${siteName(plan.view)}: ${plan.steps
              .map(({ change }) => change.what)
              .filter((what) => done.includes(`${siteName(plan.view)}: ${what}`))
              .join(', ')}`;
          }).catch((error: unknown) => {
            failures.push(error instanceof Error ? error.message : String(error));
            throw error;
          }),
      })),
    {
      concurrent: true,
      exitOnError: false,
      silentRendererCondition: () => silent,
      rendererOptions: { timer: PRESET_TIMER, icon: { [ListrDefaultRendererLogLevels.COMPLETED]: '✔' } },
      fallbackRendererOptions: { timer: PRESET_TIMER },
    },
  );
  await tasks.run().finally(() => process.off('SIGINT', interrupt));
  if (open.size === 0) return;
  throw new Failure(
    `${interrupted ? 'Interrupted' : failures.join('; ')}\n  done:      ${done.join(', ') || 'nothing'}\n  not done:  ${[...open].join(', ')}`,
    { next: 'run acrpull fix again: it continues with what is left' },
  );
}

const stepName = (plan: SitePlan, { change }: Step) => `${siteName(plan.view)}: ${change.what}`;
