import { siteName } from '../pull-path/site-view.ts';
import { nextStep } from '../verify/next-step.ts';
import { describe } from '../verify/outcome.ts';
import { isProven, pullingIdentity } from '../verify/proof.ts';
import type { Verified } from '../verify/verify-site.ts';
import { bold, cyan, dim, duration, green, red, wrap } from './style.ts';

const indent = ' '.repeat(16);

/** What was proven, site by site: for a terminal. `now` is Azure's time. */
export function verifiedText(results: Verified[], now: number): string {
  return `\n${[...results.map((result) => block(result, now)), summary(results)].join('\n\n')}\n`;
}

function block(result: Verified, now: number): string {
  const { outcome, attempts, elapsedMs, instances, open, diagnosis } = result;
  const { view } = diagnosis;
  const proven = isProven(result);
  const lines = [`${proven ? green('✔') : red('✘')} ${bold(siteName(view))}  ${describe(outcome)}`];
  const row = (name: string, text: string) => lines.push(`    ${dim(name.padEnd(10))}  ${text}`);

  if ('digest' in outcome && outcome.digest) row('digest', outcome.digest);
  if (outcome.kind === 'serving') {
    row('pulled as', pullingIdentity(view) ?? 'no identity: with stored credentials, or as anybody may');
    if (outcome.shut === null) row('answered', `https://${view.site.hostName}/  ${cyan(outcome.firstLine)}`);
  }
  if (instances && instances.count > 1) {
    const failed = instances.failedOn === null ? '' : `; it failed on ${instances.failedOn}`;
    row('instances', `${instances.proven} of ${instances.count} proven${failed}`);
  }
  for (const question of open) row('open', wrap(question, indent));
  if (outcome.kind === 'refused') row('log', wrap(outcome.text, indent));
  if (!proven) {
    const { because, next } = nextStep(result, now);
    if (because) row('because', wrap(because, indent));
    row('resource', dim((outcome.kind === 'could-not-run' && outcome.resource) || view.site.id));
    if (next) row('next', cyan(next));
  }
  if (attempts > 0) row('took', duration(elapsedMs) + (attempts > 1 ? `, ${attempts} attempts` : ''));
  return lines.join('\n');
}

function summary(results: Verified[]): string {
  const open = results.filter((result) => !isProven(result)).length;
  if (open === 0) {
    return green(
      bold('Proven: every site pulled its image with its managed identity, started and answered.'),
    );
  }
  const app = results[0]!.diagnosis.view.snapshot.app.name;
  return `${red(bold(`${open} of ${results.length} not proven.`))} All links: ${cyan(`acrpull doctor ${app}`)}`;
}

export const verifiedJson = (results: Verified[], now: number) => ({
  schema: 'acrpull.verified/1',
  ok: results.every(isProven),
  sites: results.map((result) => {
    const { diagnosis, outcome, instances, open, attempts, elapsedMs } = result;
    return {
      id: diagnosis.view.site.id,
      name: siteName(diagnosis.view),
      slot: diagnosis.view.site.slot ?? null,
      proven: isProven(result),
      pulledAs: pullingIdentity(diagnosis.view) ?? null,
      firstBroken: diagnosis.firstBroken ?? null,
      says: describe(outcome),
      ...nextStep(result, now),
      outcome,
      instances,
      open,
      attempts,
      elapsedMs,
    };
  }),
});
