import type { Verdict } from '../checks/cause.ts';
import { type Link, links } from '../pull-path/links.ts';
import { findingTitle, lookAlikesTitle, remarks, statuses } from './finding-words.ts';
import { headline, timesOf } from './headline.ts';
import type { Report, ReportedFinding, SiteReport } from './report.ts';
import { type SwapReport, swapRows } from './swap.ts';

/** For a comment on a pull request, or the summary of a GitHub Actions step: a table of links, details folded. */
export function markdownReport(reports: Report[]): string {
  const sites = reports.flatMap((report) => report.sites);
  const { title, says, more } = headline(reports);
  const parts = [
    `## ${prose(title)}`,
    `**${says}** ${prose(more)}`.trim(),
    ...reports.flatMap(({ swap }) => (swap ? [swapPart(swap)] : [])),
    matrix(sites),
    ...sites.flatMap((site) => site.findings.map((finding) => details(site, finding))),
    `<sub>Read on ${prose(timesOf(reports).join(' to '))}</sub>`,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** In a table that is read at a glance, what is well needs no word. */
function markOf(status: Verdict['status']): string {
  const { mark, word } = statuses[status];
  return status === 'pass' || status === 'skip' ? mark : `${mark} ${word}`;
}

function matrix(sites: SiteReport[]): string {
  const shown = links.filter((link) => sites.some((site) => site.links.some((it) => it.link === link)));
  const cell = (site: SiteReport, link: Link) => {
    const judged = site.links.find((it) => it.link === link);
    const mark = judged ? markOf(judged.status) : '';
    return link === site.firstBroken ? `**${mark}**` : mark;
  };
  return [
    row(['site', ...shown]),
    row(['---', ...shown.map(() => ':-:')]),
    ...sites.map((site) => row([code(site.name), ...shown.map((link) => cell(site, link))])),
  ].join('\n');
}

/** A cell ends at any `|`, in code too. */
const row = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

function swapPart({ source, target, command, sites }: SwapReport): string {
  const rows = sites.flatMap((changed) =>
    swapRows(changed).map(({ what, before, after }) =>
      row([code(changed.name), what, code(before), code(after)]),
    ),
  );
  return [
    `Foretold: a swap of ${code(source)} with ${code(target)}. What follows is how it would leave the sites.`,
    fence('sh', command),
    [row(['site', 'what', 'before', 'after']), row(['---', '---', '---', '---']), ...rows].join('\n'),
  ].join('\n\n');
}

function details(site: SiteReport, it: ReportedFinding): string {
  const kind = remarks[it.confidence] || statuses[it.status].word;
  const container = it.container ? ` (container ${toHtml(it.container)})` : '';
  const summary = `<b>${toHtml(site.name)}</b>${container}: ${it.id} ${toHtml(findingTitle(it))} <i>(${it.link}, ${kind})</i>`;
  const parts = [`<details>\n<summary>${summary}</summary>`, prose(it.says)];
  if (it.consequenceOf)
    parts.push(`Mend the link **${it.consequenceOf}** first: this may be its consequence.`);
  parts.push(`**Why:** ${prose(it.why)}`);
  if (it.evidence.length > 0) {
    const lines = it.evidence.map(
      ({ property, value, resource }) => `- ${code(`${property} = ${value}`)} at ${code(resource)}`,
    );
    parts.push(lines.join('\n'));
  }
  if (it.unreadable) {
    const { message, resource, action, leastRole } = it.unreadable;
    parts.push(`**Not read:** ${prose(message)} ${code(resource)}`);
    if (action) parts.push(`**Needs:** ${code(action)}${leastRole ? `: ${prose(leastRole)}` : ''}`);
  }
  if (it.mend) {
    parts.push(`**Mend:** ${prose(it.mend.title)}`, fence('sh', it.mend.commands.join('\n')));
    parts.push(fence('bicep', it.mend.bicep), fence('hcl', it.mend.terraform));
  }
  if (it.lookAlikes) {
    parts.push(`**Or else:** ${lookAlikesTitle(it.lookAlikes)}`);
    parts.push(fence('sh', it.lookAlikes.commands.join('\n')));
  }
  parts.push(`[Microsoft's page](${it.docs})`, '</details>');
  return parts.join('\n\n');
}

/** Text that is no markup, whatever is in it. */
const prose = (text: string) => toHtml(text).replace(/[\\`*_[\]#|~!$]/g, '\\$&');

/** A run of backticks inside wants a longer one around, and a space where it would touch that. */
function code(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const ticks = '`'.repeat(longestRun(line) + 1);
  return /^[^`\s].*[^`\s]$/.test(line) ? `${ticks}${line}${ticks}` : `${ticks} ${line} ${ticks}`;
}

function fence(language: string, text: string): string {
  const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}${language}\n${text}\n${ticks}`;
}

const longestRun = (text: string) => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '@': '@\u{200b}' };
/** In one line, since an empty one would end the HTML; a `@` names nobody. */
const toHtml = (text: string) =>
  text.replace(/\s+/g, ' ').replace(/[&<>@]/g, (character) => entities[character]!);
