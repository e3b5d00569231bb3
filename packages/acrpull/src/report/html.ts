import { createHash } from 'node:crypto';
import type { JudgedLink } from '../checks/diagnose.ts';
import { findingTitle, lookAlikesTitle, remarks, statuses } from './finding-words.ts';
import { headline, timesOf } from './headline.ts';
import { pageStyle } from './html-style.ts';
import type { Report, ReportedFinding, SiteReport } from './report.ts';
import { type SwapChange, type SwapReport, swapRows } from './swap.ts';

/**
 * One page that needs nothing else: no script, no image, no request. Its policy allows its own style and no other, so
 * that what a name holds could do nothing even if it were not escaped.
 */
export function htmlReport(reports: Report[]): string {
  const { title, status, says, more } = headline(reports);
  const styleHash = createHash('sha256').update(pageStyle).digest('base64');
  const times = timesOf(reports).map(
    (time) =>
      `<time datetime="${toHtml(time)}">${toHtml(time.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'))}</time>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${toHtml(`${title}: ${says}`)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${toHtml(title)}</h1>
<p class="headline ${status}"><strong>${toHtml(says)}</strong> ${toHtml(more)}</p>
<p class="quiet">Read on ${times.join(' to ')} by acrpull doctor.</p>
</header>
<main>
${reports.map(reportSections).join('\n')}
</main>
</body>
</html>
`;
}

const reportSections = ({ swap, sites }: Report): string =>
  [...(swap ? [swapSection(swap)] : []), ...sites.map(siteSection)].join('\n');

/** What a swap changes; the sites after it are as it leaves them. */
function swapSection({ source, target, command, sites }: SwapReport): string {
  const table = (changed: SwapChange) => `<table><caption>${toHtml(changed.name)}</caption>
<thead><tr><th scope="col">what</th><th scope="col">before</th><th scope="col">after</th></tr></thead>
${swapRows(changed)
  .map(
    ({ what, before, after }) =>
      `<tr><th scope="row">${what}</th><td>${toHtml(before)}</td><td>${toHtml(after)}</td></tr>`,
  )
  .join('\n')}
</table>`;
  return `<section class="swap">
<h2>Foretold: a swap of ${toHtml(source)} with ${toHtml(target)}</h2>
<p>What follows is how the swap would leave the sites.</p>
${codeBlock('az', command)}
${sites.map(table).join('\n')}
</section>`;
}

const siteSection = (site: SiteReport) => `<section>
<h2>${toHtml(site.name)}</h2>
<p class="quiet">${site.slot ? `slot ${toHtml(site.slot)}` : 'production'} · ${toHtml(site.hostName)}<br><code>${toHtml(site.id)}</code></p>
<ol class="chain">
${site.links.map((link) => linkItem(link, site)).join('\n')}
</ol>
${site.findings.map(findingArticle).join('\n')}
</section>`;

/** Told apart by mark and word, not by colour alone. */
function linkItem({ link, status, says }: JudgedLink, { firstBroken }: SiteReport): string {
  const { mark, word } = statuses[status];
  const label = link === firstBroken ? 'first broken link' : word;
  return `<li class="${status}"><span class="mark" aria-hidden="true">${mark}</span>
<div><strong>${link}</strong> <span class="word">${label}</span><p>${toHtml(says)}</p></div></li>`;
}

function findingArticle(it: ReportedFinding): string {
  const word = [statuses[it.status].word, remarks[it.confidence]].filter(Boolean).join(' · ');
  const container = it.container ? ` · container ${toHtml(it.container)}` : '';
  const parts = [
    `<h3><span class="badge">${it.id}</span> ${toHtml(findingTitle(it))}</h3>`,
    `<p class="quiet">link ${it.link} · ${word}${container}</p>`,
    `<p class="says">${toHtml(it.says)}</p>`,
  ];
  if (it.consequenceOf)
    parts.push(
      `<p>Mend the link <strong>${it.consequenceOf}</strong> first: this may be its consequence.</p>`,
    );
  parts.push(`<p>${toHtml(it.why)}</p>`);
  if (it.evidence.length > 0) parts.push(evidenceTable(it.evidence));
  if (it.unreadable) parts.push(unreadableList(it.unreadable));
  if (it.mend) {
    parts.push(`<h4>Mend: ${toHtml(it.mend.title)}</h4>`);
    parts.push(codeBlock('az', it.mend.commands.join('\n')));
    parts.push(codeBlock('Bicep', it.mend.bicep), codeBlock('Terraform', it.mend.terraform));
  }
  if (it.lookAlikes) {
    parts.push(`<h4>${lookAlikesTitle(it.lookAlikes)}</h4>`);
    parts.push(codeBlock('az', it.lookAlikes.commands.join('\n')));
  }
  parts.push(`<p class="quiet"><a href="${toHtml(it.docs)}">Microsoft's page on this</a></p>`);
  return `<article class="${it.status}">\n${parts.join('\n')}\n</article>`;
}

function evidenceTable(evidence: ReportedFinding['evidence']): string {
  const rows = evidence.map(
    ({ property, value, resource }) =>
      `<tr><th scope="row"><code>${toHtml(property)}</code></th><td><code>${toHtml(value)}</code><br><code class="quiet">${toHtml(resource)}</code></td></tr>`,
  );
  return `<table class="evidence"><caption>Evidence, as read</caption>\n${rows.join('\n')}\n</table>`;
}

function unreadableList(it: NonNullable<ReportedFinding['unreadable']>): string {
  const rows = [
    ['Not read', `${toHtml(it.message)}<br><code class="quiet">${toHtml(it.resource)}</code>`],
    ...(it.action ? [['Denied action', `<code>${toHtml(it.action)}</code>`]] : []),
    ...(it.leastRole ? [['Least role that has it', toHtml(it.leastRole)]] : []),
  ];
  return `<dl>\n${rows.map(([name, text]) => `<dt>${name}</dt><dd>${text}</dd>`).join('\n')}\n</dl>`;
}

/** A long line is scrolled to, with the keyboard too. */
const codeBlock = (language: string, text: string) =>
  `<figure><figcaption>${language}</figcaption><pre tabindex="0"><code>${toHtml(text)}</code></pre></figure>`;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const toHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);
