import { siteName } from '../pull-path/site-view.ts';
import { describe } from '../verify/outcome.ts';
import { isProven, pullingIdentity } from '../verify/proof.ts';
import type { SiteVerified } from '../verify/verify-all.ts';
import { bold, cyan, dim, duration, green, red, wrap } from './style.ts';

const indent = ' '.repeat(16);

/** What was proven, site by site: for a terminal. */
export function verifiedText(results: SiteVerified[]): string {
  return `\n${[...results.map(block), summary(results)].join('\n\n')}\n`;
}

function block(result: SiteVerified): string {
  const { view, findings, firstBroken } = result.diagnosis;
  const { outcome, attempts, elapsedMs } = result.verified;
  const proven = isProven(result);
  const lines = [`${proven ? green('✔') : red('✘')} ${bold(siteName(view))}  ${describe(outcome)}`];
  const row = (name: string, text: string) => lines.push(`    ${dim(name.padEnd(10))}  ${text}`);

  if ('digest' in outcome && outcome.digest) row('digest', outcome.digest);
  if (outcome.kind === 'serving') {
    row('pulled as', pullingIdentity(view) ?? 'no identity: with stored credentials, or as anybody may');
    row('answered', `https://${view.site.hostName}/  ${cyan(outcome.firstLine)}`);
  }
  if (outcome.kind === 'refused') row('log', wrap(outcome.text, indent));
  const cause = findings.find(
    ({ check, verdict }) => check.link === firstBroken && verdict.status === 'fail',
  );
  if (cause && !proven) row('because', wrap(`${cause.check.id}  ${cause.verdict.says}`, indent));
  row('took', duration(elapsedMs) + (attempts > 1 ? `, ${attempts} attempts` : ''));
  return lines.join('\n');
}

function summary(results: SiteVerified[]): string {
  const open = results.filter((result) => !isProven(result)).length;
  if (open === 0) {
    return green(
      bold('Proven: every site pulled its image with its managed identity, started and answered.'),
    );
  }
  const app = results[0]!.diagnosis.view.snapshot.app.name;
  return `${red(bold(`${open} of ${results.length} not proven.`))} Next: ${cyan(`acrpull doctor ${app}`)}`;
}

export const verifiedJson = (results: SiteVerified[]) => ({
  schema: 'acrpull.verified/1',
  ok: results.every(isProven),
  sites: results.map((result) => ({
    id: result.diagnosis.view.site.id,
    name: siteName(result.diagnosis.view),
    proven: isProven(result),
    pulledAs: pullingIdentity(result.diagnosis.view) ?? null,
    firstBroken: result.diagnosis.firstBroken ?? null,
    says: describe(result.verified.outcome),
    ...result.verified,
  })),
});
