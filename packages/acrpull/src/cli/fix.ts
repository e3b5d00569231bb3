import { type Command, Option } from 'commander';
import type { Diagnosis } from '../checks/diagnose.ts';
import type { SitePlan } from '../remedies/plan.ts';
import type { JudgedNeed } from '../remedies/rights.ts';
import {
  type AppOptions,
  appQuery,
  collect,
  printJson,
  run as runCommand,
  seconds,
  secondsOrNone,
  withAppOptions,
} from './common.ts';
import type { ChoiceOptions } from './fix-choices.ts';

interface FixOptions extends AppOptions, ChoiceOptions {
  slot?: string;
  timeout: number;
  emit?: string;
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
  $ acrpull fix hoge-app --emit az > fix.sh     the plan as a script, or as bicep, terraform or arm
  $ acrpull fix hoge-app --yes --azure          in a pipeline, on your own Azure

It attaches a system-assigned identity where there is none, grants the one that pulls the least role at the
registry (in ABAC mode for the repository only), then sets acrUserManagedIdentityID and
acrUseManagedIdentityCreds: what is missing of these, and nothing else.`;

export function addFix(program: Command, done: (exitCode: number) => void): void {
  withAppOptions(program.command('fix'))
    .description('show what would mend the pull path of every slot, ask, and do it')
    .addHelpText('after', examples)
    .option('--slot <name>', 'only this slot ("production" for the app itself)')
    .option('--only <check>', 'only what mends this finding, such as B2; may be repeated', collectIds)
    .option(
      '--identity <name|id>',
      'let this user-assigned identity pull in every slot: attached where missing, and named',
    )
    .option('--scope <id>', 'grant the role at this scope in place of the registry')
    .option(
      '--remove-credentials',
      'take DOCKER_REGISTRY_SERVER_* away at the end, once a pull with the identity is proven',
    )
    .option(
      '--wait <seconds>',
      'how old the grant of a site that pulls today has to be before the site depends on it',
      secondsOrNone,
      300,
    )
    .option('--timeout <seconds>', 'how long the proof may take for each site', seconds, 900)
    .addOption(
      new Option('--emit <language>', 'print the plan as code on stdout, and change nothing')
        .choices(['az', 'bicep', 'terraform', 'arm'])
        .conflicts(['json', 'yes', 'dryRun']),
    )
    .option('-y, --yes', 'apply the plan without asking (for pipelines)')
    .option('--dry-run', 'show the plan and stop')
    .action(async (app: string, options: FixOptions) =>
      done(await runCommand(options, () => fix(app, options))),
    );
}

const collectIds = (text: string, before?: string[]) => collect(text.toUpperCase(), before);

async function fix(app: string, options: FixOptions): Promise<number> {
  const { connectAzure } = await import('../azure/azure.ts');
  const { diagnosisIn, examine } = await import('./examine.ts');
  const { planSites, writesOf } = await import('../remedies/plan.ts');
  const { judgeWrites } = await import('../remedies/read-rights.ts');
  const { requireRights } = await import('../remedies/rights.ts');
  const { adviceText, fixedText, leftText, planText, wantedHolds } = await import('../report/plan-text.ts');
  const { isMended, requireChecks, withChoices } = await import('./fix-choices.ts');
  const { confirm } = await import('./confirm.ts');
  const { bold, green } = await import('../report/style.ts');

  requireChecks(options.only);
  const azure = await connectAzure();
  const query = appQuery(app, options);
  const say = (text: string) => options.json || process.stdout.write(`${text}\n`);
  const { diagnoses, report } = await examine(azure, query);
  const chosen = (all: Diagnosis[]) => (options.slot ? [diagnosisIn(options.slot, all)] : all);
  const plans = planSites(...(await withChoices(azure, chosen(diagnoses), options)));

  if (options.emit) return emit(plans, options.emit);
  const left = leftText(plans);
  if (left) say(`${bold('Only you can mend this:')}\n\n${left}\n`);
  const writes = plans.flatMap(writesOf);
  if (writes.length === 0) {
    const ok = isMended(chosen(diagnoses), options);
    if (!left) {
      const nothing = ok && `Nothing to do: ${report.ok ? 'all links hold' : wantedHolds}.`;
      say(nothing ? green(nothing) : 'Nothing that fix could mend was found.');
    }
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
  const { carryOut } = await import('../remedies/carry-out.ts');
  const { currentTarget } = await import('./target.ts');
  const { run, verified, after } = await carryOut(azure, plans, {
    target: currentTarget(),
    silent: options.json === true,
    proofMs: options.timeout * 1000,
    // Several writers in this field report success and change nothing (A11, A12): what is read back counts.
    readAgain: async () => {
      const read = await examine(azure, query);
      return { ...read, diagnoses: chosen(read.diagnoses) };
    },
  });
  const { verifiedJson, verifiedText } = await import('../report/verified.ts');
  const { isProven } = await import('../verify/proof.ts');
  const ok = isMended(after.diagnoses, options);
  if (options.json) {
    printJson({
      ...plainPlan(plans, needs),
      ...{ applied: true, run, report: after.report },
      verified: verified.length > 0 ? verifiedJson(verified, azure.now()) : null,
    });
  } else {
    if (verified.length > 0) say(verifiedText(verified, azure.now()));
    say(fixedText(after.report, { ok, app, run, verified }));
  }
  return ok && verified.every(isProven) ? 0 : 1;
}

/** Only the code on stdout; what a person has to know besides on stderr. */
async function emit(plans: SitePlan[], language: string): Promise<number> {
  const { writesOf } = await import('../remedies/plan.ts');
  const { emitters } = await import('../remedies/emit/index.ts');
  const { leftText } = await import('../report/plan-text.ts');
  const planned = plans.filter((plan) => writesOf(plan).length > 0);
  const left = leftText(plans);
  if (left) process.stderr.write(`Only you can mend this:\n\n${left}\n\n`);
  if (planned.length === 0) process.stderr.write('There is nothing to write.\n');
  else {
    const { code, notes } = emitters[language]!(planned);
    process.stdout.write(code);
    for (const note of notes) process.stderr.write(`${note}\n`);
  }
  return left ? 1 : 0;
}

const plainPlan = (plans: SitePlan[], needs: JudgedNeed[]) => ({
  schema: 'acrpull.fix/1',
  plan: plans.map(({ view, steps, wait, removal }) => ({
    site: view.site.id,
    steps,
    wait: wait ?? null,
    removal: removal ?? null,
  })),
  needs,
});
