import { siteLabel } from '../azure/resource-id.ts';
import { siteName } from '../pull-path/site-view.ts';
import { type Plan, type SitePlan, type Step, writesOf } from '../remedies/plan.ts';
import type { JudgedNeed } from '../remedies/rights.ts';
import { kindOf, writeKey } from '../remedies/writes/index.ts';
import { scopeLabel } from '../remedies/writes/role-assignment-write.ts';
import type { Change, Write } from '../remedies/writes/write.ts';
import { isProven } from '../verify/proof.ts';
import type { Verified } from '../verify/verify-site.ts';
import type { Report } from './report.ts';
import { bold, cyan, dim, duration, green, red, wrap, yellow } from './style.ts';
import { textReport } from './text.ts';

const changeMarks: Record<Change['kind'], string> = {
  add: green('+'),
  change: yellow('~'),
  remove: red('-'),
};

/** The plan as `terraform plan` readers know it: what is added, changed and removed, what it takes, then a count. */
export function planText(plans: Plan[], needs: JudgedNeed[]): string {
  const planned = plans.filter((plan) => writesOf(plan).length > 0);
  const shared = (write: Write) =>
    planned
      .filter(({ steps }) => steps.some((step) => writeKey(step.write) === writeKey(write)))
      .map(({ name }) => name);
  const blocks = planned.map(({ name, steps, wait, removal }) => {
    const others = (write: Write) => shared(write).filter((other) => other !== name);
    return [
      bold(name),
      ...steps.map((step) => stepText(step, others(step.write))),
      ...(wait
        ? [dim(`  it pulls today: its grant is given ${duration(wait.ms)} to count before it depends on it`)]
        : []),
      ...(removal
        ? [dim('  once acrpull verify has proven the pull with the identity:'), stepText(removal, [])]
        : []),
    ].join('\n');
  });
  return [...blocks, needsText(needs), summaryText(planned.flatMap(writesOf))].join('\n\n');
}

function stepText({ write, because }: Step, others: string[]): string {
  const kind = kindOf(write);
  const lines = kind.changes(write).map(({ kind: mark, what, from, to }) => {
    const value = [from, to].filter((it) => it !== undefined).join(' → ');
    const reason = because.length > 0 ? dim(`  [${because.join(', ')}]`) : '';
    const restarts = kind.restarts ? dim('  restarts the site') : '';
    return `  ${changeMarks[mark]} ${what}  ${wrap(value, ' '.repeat(6))}${reason}${restarts}`;
  });
  const once = others.length > 0 ? `; once, for ${others.join(', ')} too` : '';
  return [...lines, `      ${dim(`${kind.target(write)}${once}`)}`].join('\n');
}

const holdMarks: Record<JudgedNeed['holds'], string> = {
  yes: green('✔'),
  'under-condition': yellow('!'),
  unknown: yellow('?'),
  no: red('✘'),
};

/** The rights that the plan takes; of those that are missing, who has them. */
function needsText(needs: JudgedNeed[]): string {
  const lines = needs.flatMap(({ action, scope, holds, says, who }) => [
    `  ${holdMarks[holds]} ${action}  ${dim(scopeName(scope))}`,
    ...(says ? [`      ${wrap(says, ' '.repeat(6))}`] : []),
    ...(who ? [`      ${dim('who can')}  ${who}`] : []),
  ]);
  return [bold('It takes these rights:'), ...lines].join('\n');
}

const scopeName = (scope: string) => (/\/sites\//i.test(scope) ? siteLabel(scope) : scopeLabel(scope));

/** Counts each write once, and of sites those that restart. */
function summaryText(writes: Write[]): string {
  const each = [...new Map(writes.map((write) => [writeKey(write), write])).values()];
  const changes = each.flatMap((write) => kindOf(write).changes(write));
  const count = (kind: Change['kind']) => changes.filter((change) => change.kind === kind).length;
  const restarted = new Set(
    each.flatMap((write) => (kindOf(write).restarts && 'site' in write ? [write.site] : [])),
  );
  const restarts = `${restarted.size} ${restarted.size === 1 ? 'site restarts' : 'sites restart'}`;
  return `${bold('Plan:')} ${count('add')} to add, ${count('change')} to change, ${count('remove')} to remove. ${restarts}.`;
}

/** When one identity for all sites would be the better choice: empty when it would not. */
export function adviceText(plans: SitePlan[]): string {
  const made = plans.filter(({ steps }) =>
    steps.some(({ write }) => write.kind === 'identity' && write.to.system && !write.from.system),
  );
  if (made.length < 2) return '';
  return dim(
    wrap(
      `Each of ${made.length} sites gets an identity of its own, which stays with its slot: a swap lets the other one pull ` +
        `the image. With ${cyan('--identity <name>')} all pull with one user-assigned identity: one grant, the same before ` +
        'and after a swap, and for slots that are still to come.',
      '',
    ),
  );
}

/** What a person has to mend, with the commands for it. */
export function leftText(plans: SitePlan[]): string {
  return plans
    .flatMap(({ name, left }) =>
      left.map(({ check, verdict, view }) => {
        const [remedy] = check.remedies;
        const byFix = check.remedies.some(({ repair }) => repair?.option === '--identity')
          ? [`acrpull fix ${view.snapshot.app.name} --identity <name|id>   # or by hand:`]
          : [];
        const commands = [...byFix, ...remedy.commands(view)].map((command) => `      ${cyan(command)}`);
        return [`${red(check.id)}  ${name}: ${verdict.says}`, ...commands].join('\n');
      }),
    )
    .join('\n\n');
}

/** Said of `--only` and `--slot` while some other link does not hold. */
export const wantedHolds = 'what was asked for holds, but not all links do';

export interface Fixed {
  /** Whether what was asked for holds. */
  ok: boolean;
  app: string;
  /** The name of the run. */
  run: string;
  /** The sites whose pull was to be proven before their credentials go. */
  verified: Verified[];
}

/** What is said when a plan is applied: whether all holds as it is read back, and what to do next. */
export function fixedText(report: Report, { ok, app, run, verified }: Fixed): string {
  const kept = verified.filter((it) => !isProven(it)).map(({ diagnosis }) => siteName(diagnosis.view));
  const isDone = verified.length > 0 && kept.length === 0;
  const parts = [
    ok
      ? green(`Read back: ${report.ok ? 'all links hold' : wantedHolds}.`)
      : 'Read back, and not all is well yet:',
    ...(ok ? [] : [textReport(report)]),
    ...(kept.length > 0
      ? [red(`The stored credentials stay at ${kept.join(', ')}: the pull with the identity is not proven.`)]
      : []),
    ...(isDone ? [green('The pull with the identity was proven, and the stored credentials are gone.')] : []),
    ...(isDone || !ok ? [] : [`Next: ${cyan(`acrpull ${report.ok ? 'verify' : 'doctor'} ${app}`)}`]),
    `To take it back: ${cyan(`acrpull undo ${run}`)}`,
  ];
  return `\n${parts.join('\n')}`;
}
