import { siteName } from '../pull-path/site-view.ts';
import type { SitePlan } from '../remedies/plan.ts';
import { bold, cyan, dim, green, red, yellow } from './style.ts';

/** The plan as `terraform plan` readers know it: what is added (+) and changed (~), then a count. */
export function planText(plans: SitePlan[]): string {
  const planned = plans.filter(({ steps }) => steps.length > 0);
  const blocks = planned.map(({ view, steps }) => {
    const lines = steps.map(({ change, because }) => {
      const mark = change.kind === 'add' ? green('+') : yellow('~');
      const value = change.from === undefined ? change.to : `${change.from} → ${change.to}`;
      const restarts = change.restarts ? dim('  restarts the site') : '';
      return `  ${mark} ${change.what}  ${value}  ${dim(`[${because.join(', ')}]`)}${restarts}\n      ${dim(change.target)}`;
    });
    return [bold(siteName(view)), ...lines].join('\n');
  });
  const steps = planned.flatMap((plan) => plan.steps);
  const added = steps.filter(({ change }) => change.kind === 'add').length;
  const restarts = planned.filter((plan) => plan.steps.some(({ change }) => change.restarts)).length;
  return [
    ...blocks,
    `${bold('Plan:')} ${added} to add, ${steps.length - added} to change. ${restarts} ${restarts === 1 ? 'site restarts' : 'sites restart'}.`,
  ].join('\n\n');
}

/** What a person has to mend, with the commands for it. */
export function leftText(plans: SitePlan[]): string {
  return plans
    .flatMap(({ view, left }) =>
      left.map(({ check, verdict, view: judged }) => {
        const commands = check.remedies[0].commands(judged).map((command) => `      ${cyan(command)}`);
        return [`${red(check.id)}  ${siteName(view)}: ${verdict.says}`, ...commands].join('\n');
      }),
    )
    .join('\n\n');
}
