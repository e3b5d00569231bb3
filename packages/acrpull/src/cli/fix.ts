import type { Command } from 'commander';
import type { Azure } from '../azure/azure.ts';
import type { Diagnosis } from '../checks/diagnose.ts';
import type { SitePlan, Wishes } from '../remedies/plan.ts';
import type { JudgedNeed } from '../remedies/rights.ts';
import { type AppOptions, appQuery, printJson, run, withAppOptions } from './common.ts';

interface FixOptions extends AppOptions {
  slot?: string;
  only?: string[];
  identity?: string;
  scope?: string;
  yes?: boolean;
  dryRun?: boolean;
}

const examples = `
Examples:
  $ acrpull fix hoge-app --dry-run              the plan only
  $ acrpull fix hoge-app                        the plan, a question, the repair
  $ acrpull fix hoge-app --slot staging         one slot
  $ acrpull fix hoge-app --only B2              what mends this finding, and nothing else
  $ acrpull fix hoge-app --identity puller      one user-assigned identity for all slots
  $ acrpull fix hoge-app --yes --azure          in a pipeline, on your own Azure

It attaches a system-assigned identity, grants it the least pull role at the registry (in ABAC mode for the
repository only), then sets acrUseManagedIdentityCreds: what is missing of these, and nothing else.`;

export function addFix(program: Command, done: (exitCode: number) => void): void {
  withAppOptions(program.command('fix'))
    .description('show what would mend the pull path of every slot, ask, and do it')
    .addHelpText('after', examples)
    .option('--slot <name>', 'only this slot ("production" for the app itself)')
    .option('--only <check>', 'only what mends this finding, such as B2; may be repeated', collect)
    .option(
      '--identity <name|id>',
      'let this user-assigned identity pull in every slot: attached where missing, and named',
    )
    .option('--scope <id>', 'grant the role at this scope in place of the registry')
    .option('-y, --yes', 'apply the plan without asking (for pipelines)')
    .option('--dry-run', 'show the plan and stop')
    .action(async (app: string, options: FixOptions) => done(await run(options, () => fix(app, options))));
}

const collect = (text: string, before: string[] = []) => [...before, text.toUpperCase()];

async function fix(app: string, options: FixOptions): Promise<number> {
  const { connectAzure } = await import('../azure/azure.ts');
  const { examine } = await import('../report/examine.ts');
  const { planSites } = await import('../remedies/plan.ts');
  const { judgeWrites } = await import('../remedies/read-rights.ts');
  const { requireRights } = await import('../remedies/rights.ts');
  const { adviceText, leftText, planText } = await import('../report/plan-text.ts');
  const { slotNamed } = await import('./slots.ts');
  const { confirm } = await import('./confirm.ts');
  const { bold, green } = await import('../report/style.ts');

  await requireChecks(options.only);
  const azure = await connectAzure();
  const query = appQuery(app, options);
  const say = (text: string) => options.json || process.stdout.write(`${text}\n`);
  const { diagnoses, report } = await examine(azure, query);
  const chosen = (all: Diagnosis[]) => (options.slot ? [slotNamed(all, options.slot, app)] : all);
  const plans = planSites(...(await withChoices(azure, chosen(diagnoses), options)));

  const left = leftText(plans);
  if (left) say(`${bold('Only you can mend this:')}\n\n${left}\n`);
  const writes = plans.flatMap(({ steps }) => steps.map(({ write }) => write));
  if (writes.length === 0) {
    const ok = isMended(chosen(diagnoses), options);
    if (!left) say(ok ? green('Nothing to do: all links hold.') : 'Nothing that fix could mend was found.');
    if (options.json) printJson({ ...plainPlan(plans, []), applied: false, run: null, report });
    return ok ? 0 : 1;
  }

  const needs = await judgeWrites(azure, writes);
  say(planText(plans, needs));
  const advice = adviceText(plans);
  if (advice) say(`\n${advice}`);
  const stop = (): number => {
    if (options.json) printJson({ ...plainPlan(plans, needs), applied: false, run: null, report });
    else say('\nNothing was changed.');
    return 1;
  };
  if (options.dryRun) return stop();
  requireRights(needs);
  const otherwise = 'run it again with --yes to apply the plan, or with --dry-run to see it only';
  if (!options.yes && !(await confirm('\nApply these changes?', otherwise))) return stop();

  say('');
  const journal = await apply();
  const after = await examine(azure, query);
  const ok = isMended(chosen(after.diagnoses), options);
  const takeBack = `acrpull undo ${journal.run.id}`;
  if (options.json) {
    printJson({ ...plainPlan(plans, needs), applied: true, run: journal.run.id, report: after.report });
  } else {
    const { fixedText } = await import('../report/plan-text.ts');
    say(fixedText(after.report, { ok, app, takeBack }));
  }
  return ok ? 0 : 1;

  async function apply() {
    const { applyPlans } = await import('../remedies/apply.ts');
    const { openJournal } = await import('../remedies/journal.ts');
    const { currentTarget } = await import('./target.ts');
    const { id, name } = report.app;
    const journal = openJournal({
      command: 'fix',
      undoes: null,
      target: currentTarget(),
      app: { id, name },
    });
    try {
      await applyPlans(azure, plans, { journal, silent: options.json === true });
      journal.complete();
    } finally {
      journal.close();
    }
    return journal;
  }
}

/** What is to be planned for, with what the options name looked up. */
async function withChoices(
  azure: Azure,
  diagnoses: Diagnosis[],
  { identity, scope, only }: FixOptions,
): Promise<[Diagnosis[], Wishes]> {
  const { requireScope } = await import('../remedies/aim.ts');
  const views = diagnoses.map(({ view }) => view);
  if (scope) requireScope(scope, views);
  if (!identity) return [diagnoses, { scope, only }];
  const { findIdentity, withGrantsOf } = await import('../remedies/find-identity.ts');
  const { diagnoseSite } = await import('../checks/diagnose.ts');
  const { snapshot } = views[0]!;
  const found = await findIdentity(azure, snapshot.app, identity);
  const more = await withGrantsOf(azure, snapshot, found);
  return [views.map(({ site }) => diagnoseSite(more, site)), { identity: found, scope, only }];
}

async function requireChecks(only: string[] = []): Promise<void> {
  const { checks } = await import('../checks/index.ts');
  const { Failure } = await import('../failure.ts');
  const unknown = only.find((wanted) => !checks.some(({ id }) => id.toUpperCase() === wanted));
  if (unknown) throw new Failure(`No check has the number ${unknown}.`, { next: 'acrpull doctor <app>' });
}

/** Whether what was asked for holds: all links of the sites, or what `--only` names. */
function isMended(diagnoses: Diagnosis[], { only }: FixOptions): boolean {
  return diagnoses.every(({ chain, findings }) =>
    only
      ? findings.every(
          ({ check, verdict }) => verdict.status !== 'fail' || !only.includes(check.id.toUpperCase()),
        )
      : chain.every(({ status }) => status !== 'fail' && status !== 'unknown'),
  );
}

const plainPlan = (plans: SitePlan[], needs: JudgedNeed[]) => ({
  schema: 'acrpull.fix/1',
  plan: plans.map(({ view, steps }) => ({ site: view.site.id, steps })),
  needs,
});
