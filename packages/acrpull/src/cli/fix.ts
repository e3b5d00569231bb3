import type { Command } from 'commander';
import type { SitePlan } from '../remedies/plan.ts';
import { type AppOptions, appQuery, printJson, run, withAppOptions } from './common.ts';

interface FixOptions extends AppOptions {
  yes?: boolean;
  dryRun?: boolean;
}

const examples = `
Examples:
  $ acrpull fix hoge-app --dry-run              the plan only
  $ acrpull fix hoge-app                        the plan, a question, the repair
  $ acrpull fix hoge-app --yes --azure          in a pipeline, on your own Azure

It attaches a system-assigned identity, grants it the least pull role at the registry, then sets
acrUseManagedIdentityCreds: what is missing of these, and nothing else.`;

export function addFix(program: Command, done: (exitCode: number) => void): void {
  withAppOptions(program.command('fix'))
    .description('show what would mend the pull path of every slot, ask, and do it')
    .addHelpText('after', examples)
    .option('-y, --yes', 'apply the plan without asking (for pipelines)')
    .option('--dry-run', 'show the plan and stop')
    .action(async (app: string, options: FixOptions) => done(await run(options, () => fix(app, options))));
}

async function fix(app: string, options: FixOptions): Promise<number> {
  const { connectAzure } = await import('../azure/azure.ts');
  const { examine } = await import('../report/examine.ts');
  const { planSite } = await import('../remedies/plan.ts');
  const { leftText, planText } = await import('../report/plan-text.ts');
  const { applyPlans } = await import('../remedies/apply.ts');
  const { confirm } = await import('./confirm.ts');
  const { bold, cyan, green } = await import('../report/style.ts');

  const azure = await connectAzure();
  const query = appQuery(app, options);
  const say = (text: string) => options.json || process.stdout.write(`${text}\n`);
  const { diagnoses, report } = await examine(azure, query);
  const plans = diagnoses.map(planSite);
  const steps = plans.flatMap((plan) => plan.steps);

  const left = leftText(plans);
  if (left) say(`${bold('Only you can mend this:')}\n\n${left}\n`);
  if (steps.length === 0) {
    if (!left)
      say(report.ok ? green('Nothing to do: all links hold.') : 'Nothing that fix could mend was found.');
    if (options.json) printJson({ plan: [], applied: false, report });
    return report.ok ? 0 : 1;
  }

  say(planText(plans));
  const { requireRights } = await import('../remedies/rights.ts');
  requireRights(plans);
  const otherwise = 'run it again with --yes to apply the plan, or with --dry-run to see it only';
  if (options.dryRun || !(options.yes || (await confirm('\nApply these changes?', otherwise)))) {
    if (options.json) printJson({ plan: plainPlans(plans), applied: false, report });
    else say('\nNothing was changed.');
    return 1;
  }

  say('');
  await applyPlans(azure, plans, options.json === true);
  // Several writers in this field report success and change nothing (A11, A12): believe what is read back.
  const after = (await examine(azure, query)).report;
  if (options.json) printJson({ plan: plainPlans(plans), applied: true, report: after });
  else if (after.ok) say(`\n${green('Read back: all links hold.')} Next: ${cyan(`acrpull verify ${app}`)}`);
  else {
    const { textReport } = await import('../report/text.ts');
    say(`\nRead back, and not all is well yet:\n\n${textReport(after)}`);
  }
  return after.ok ? 0 : 1;
}

const plainPlans = (plans: SitePlan[]) =>
  plans.map(({ view, steps }) => ({
    site: view.site.id,
    steps: steps.map(({ remedy, change, because }) => ({ remedy: remedy.id, ...change, because })),
  }));
