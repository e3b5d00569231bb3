import { findingTitle, lookAlikesTitle, remarks } from './finding-words.ts';
import { headline } from './headline.ts';
import type { Report, ReportedFinding, SiteReport } from './report.ts';
import { bold, cyan, dim, green, harmlessText, magenta, marks, red, wrap, yellow } from './style.ts';
import { swapText } from './swap.ts';

/** The report for a terminal: the chain of each site, then what is wrong, then what to do. */
export function textReport(report: Report): string {
  const swap = report.swap ? [swapText(report.swap)] : [];
  const text = [...swap, ...report.sites.map(siteText), summaryText(report)].join('\n\n');
  return `${harmlessText(text)}\n`;
}

export const siteText = (site: SiteReport): string =>
  [siteHeading(site), chain(site), findings(site)].filter((part) => part !== '').join('\n\n');

const siteHeading = (site: SiteReport) =>
  `${bold(site.name)}  ${dim(`${site.slot ? `slot ${site.slot}` : 'production'} · https://${site.hostName}`)}`;

function chain(site: SiteReport): string {
  return site.links
    .map(({ link, status, says }) => {
      const arrow = link === site.firstBroken ? `  ${red('← first broken link')}` : '';
      const text = status === 'skip' ? dim(says) : wrap(says, ' '.repeat(13));
      return `  ${marks[status]} ${link.padEnd(8)}  ${text}${arrow}`;
    })
    .join('\n');
}

const findings = (site: SiteReport) => site.findings.map(findingText).join('\n\n');

export function findingText(it: ReportedFinding): string {
  const paint = { fail: red, warn: yellow, unknown: magenta, pass: green, skip: dim }[it.status];
  const container = it.container ? dim(`  container ${it.container}`) : '';
  const remark = remarks[it.confidence] && dim(`  ${remarks[it.confidence]}`);
  const lines = [`  ${paint(bold(it.id))}  ${bold(findingTitle(it))}${container}${remark}`];
  const row = (name: string, text: string) => lines.push(`      ${dim(name.padEnd(9))} ${text}`);
  const block = (name: string, text: string[]) => {
    text
      .flatMap((part) => part.split('\n'))
      .forEach((line, index) => {
        row(index === 0 ? name : '', /^(#|\/\/)/.test(line) ? dim(line) : cyan(line));
      });
  };
  row('what', wrap(it.says, ' '.repeat(16)));
  if (it.consequenceOf) row('first', `mend the link ${it.consequenceOf}: this may be its consequence`);
  row('why', wrap(it.why, ' '.repeat(16)));
  for (const { property, value, resource } of it.evidence) {
    row('evidence', `${property} = ${value}`);
    row('', dim(resource));
  }
  if (it.unreadable) {
    row('not read', wrap(it.unreadable.message, ' '.repeat(16)));
    row('', dim(it.unreadable.resource));
    const { action, leastRole } = it.unreadable;
    if (action) row('needs', leastRole ? `${action}: ${leastRole}` : action);
  }
  if (it.mend) {
    block('mend', it.mend.commands);
    block('Bicep', [it.mend.bicep]);
    block('Terraform', [it.mend.terraform]);
  }
  if (it.lookAlikes) {
    row('or else', lookAlikesTitle(it.lookAlikes));
    block('', it.lookAlikes.commands);
  }
  row('read', dim(it.docs));
  return lines.join('\n');
}

/** The result in a line, and what to do next. */
export function summaryText(report: Report): string {
  const { status, says, more } = headline([report]);
  const paint = { fail: red, unknown: magenta, pass: green }[status];
  return `${paint(bold(says))}${more && ` ${more}`}${next(report)[status]}`;
}

/** `fix` mends sites as they are; what a swap would break is mended by hand before it. */
const next = ({ app, swap }: Report) => ({
  fail: swap
    ? '\nMend it before the swap, as shown above, then look again.'
    : `\nNext: ${cyan(`acrpull fix ${app.name}`)}`,
  unknown: '',
  pass: swap
    ? `\nNext: ${cyan(swap.command)}`
    : `\nNext: ${cyan(`acrpull verify ${app.name}`)} proves it by a real pull.`,
});
