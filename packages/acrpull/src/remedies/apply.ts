import type { Azure } from '../azure/azure.ts';
import { Failure } from '../failure.ts';
import { siteName } from '../pull-path/site-view.ts';
import { showProgress } from '../report/progress.ts';
import type { SitePlan } from './plan.ts';

/**
 * Applies the plans: sites side by side, the steps of one site in their order. Ctrl-C and failures stop before the
 * next step; each step is whole or not done, and the message says which were.
 */
export async function applyPlans(azure: Azure, plans: SitePlan[], silent: boolean): Promise<void> {
  const planned = plans.filter(({ steps }) => steps.length > 0);
  const progress = showProgress(
    planned.map(({ view }) => siteName(view)),
    silent,
  );
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
  };
  process.on('SIGINT', interrupt);

  const applySite = async ({ view: planView, steps }: SitePlan): Promise<SiteApplied> => {
    const name = siteName(planView);
    const applied: SiteApplied = { name, done: [], open: steps.map(({ change }) => change.what) };
    let view = planView;
    try {
      for (const { change, repair } of steps) {
        if (interrupted) throw new Failure('interrupted');
        progress.wait(name, `Azure to write ${change.what}`);
        view = await repair.apply(azure, view);
        applied.done.push(...applied.open.splice(0, 1));
      }
    } catch (error) {
      applied.error = error;
    }
    progress.finish(name, !applied.error, applied.done.join(', ') || 'nothing was done');
    return applied;
  };

  try {
    const results = await Promise.all(planned.map(applySite));
    if (results.some(({ error }) => error)) throw stoppedShort(results);
  } finally {
    progress.stop();
    process.off('SIGINT', interrupt);
  }
}

interface SiteApplied {
  name: string;
  done: string[];
  open: string[];
  error?: unknown;
}

function stoppedShort(results: SiteApplied[]): unknown {
  const errors = results.flatMap(({ error }) => (error ? [error] : []));
  const bug = errors.find((error) => !(error instanceof Failure));
  if (bug) return bug;
  const list = (pick: 'done' | 'open') =>
    results.flatMap((it) => it[pick].map((what) => `${it.name}: ${what}`)).join(', ') || 'nothing';
  const [first] = errors as Failure[];
  return new Failure(`${first!.message}\n  done:      ${list('done')}\n  not done:  ${list('open')}`, {
    ...(first!.resource && { resource: first!.resource }),
    next: first!.next ?? 'run acrpull fix again: it continues with what is left',
  });
}
