import { siteName } from '../pull-path/links.ts';
import { describe } from '../verify/outcome.ts';
import type { SiteVerified } from '../verify/verify-all.ts';
import { bold, cyan, dim, duration, green, red, wrap } from './style.ts';

/** What was proven, site by site: for a terminal. */
export function verifiedText(results: SiteVerified[]): string {
  const blocks = results.map(({ diagnosis, verified }) => {
    const { view, findings, firstBroken } = diagnosis;
    const { outcome } = verified;
    const good = outcome.kind === 'serving';
    const lines = [`${good ? green('✔') : red('✘')} ${bold(siteName(view))}  ${describe(outcome)}`];
    const row = (name: string, text: string) => lines.push(`    ${dim(name.padEnd(10))}  ${text}`);
    if ('digest' in outcome && outcome.digest) row('digest', outcome.digest);
    if (outcome.kind === 'serving') {
      row('pulled as', pulledAs(diagnosis));
      row('answered', `https://${view.site.hostName}/  ${cyan(outcome.firstLine)}`);
    }
    if (outcome.kind === 'refused') row('log', wrap(outcome.text, ' '.repeat(16)));
    const cause = !good && firstBroken ? findings.find(({ check }) => check.link === firstBroken) : undefined;
    if (cause) row('because', `${cause.check.id}  ${cause.verdict.says}`);
    const tries = verified.attempts === 1 ? '' : `, ${verified.attempts} attempts`;
    row('took', `${duration(verified.elapsedMs)}${tries}`);
    return lines.join('\n');
  });
  const failed = results.filter(({ verified }) => verified.outcome.kind !== 'serving');
  const app = results[0]?.diagnosis.view.snapshot.app.name;
  const summary =
    failed.length === 0
      ? green(bold('Proven: every site pulled its image with its managed identity, started and answered.'))
      : `${red(bold(`${failed.length} of ${results.length} not proven.`))} Next: ${cyan(`acrpull doctor ${app}`)}`;
  return `\n${[...blocks, summary].join('\n\n')}\n`;
}

/** With the flag on, App Service pulls with the identity and nothing else; with it off, with what is stored. */
function pulledAs({ view: { site, principal } }: SiteVerified['diagnosis']): string {
  if (!site.config.known || !site.config.value.acrUseManagedIdentityCreds)
    return 'stored credentials, or nobody';
  return principal.found
    ? `${principal.kind} managed identity, principal ${principal.principalId}`
    : 'nobody';
}

export const verifiedJson = (results: SiteVerified[]) => ({
  schema: 'acrpull.verified/1',
  ok: results.every(({ verified }) => verified.outcome.kind === 'serving'),
  sites: results.map(({ diagnosis, verified }) => ({
    id: diagnosis.view.site.id,
    name: siteName(diagnosis.view),
    firstBroken: diagnosis.firstBroken ?? null,
    says: describe(verified.outcome),
    ...verified,
  })),
});
