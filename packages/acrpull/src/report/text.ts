import type { Report, ReportedFinding, SiteReport } from './report.ts';
import { bold, cyan, dim, green, magenta, marks, red, wrap, yellow } from './style.ts';
import { swapText } from './swap.ts';

/** The report for a terminal: the chain of each site, then what is wrong, then what to do. */
export function textReport(report: Report): string {
  const swap = report.swap ? [swapText(report.swap)] : [];
  const sites = report.sites.flatMap((site) => [siteHeading(site), chain(site), findings(site)]);
  const end = report.swap ? swapSummary(report) : summary(report);
  return `${[...swap, ...sites, end].filter((part) => part !== '').join('\n\n')}\n`;
}

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

const findings = (site: SiteReport) => site.findings.map(finding).join('\n\n');

const remarks: Record<ReportedFinding['confidence'], string> = {
  verdict: '',
  hint: '  a hint: it may be so',
  foretold: '  foretold',
};

function finding(it: ReportedFinding): string {
  const paint = { fail: red, warn: yellow, unknown: magenta, pass: green, skip: dim }[it.status];
  const container = it.container ? dim(`  container ${it.container}`) : '';
  const lines = [`  ${paint(bold(it.id))}  ${bold(it.title)}${container}${dim(remarks[it.confidence])}`];
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
    if (it.unreadable.action) row('needs', `${it.unreadable.action}: ${it.unreadable.leastRole ?? ''}`);
  }
  if (it.mend) {
    block('mend', it.mend.commands);
    block('Bicep', [it.mend.bicep]);
    block('Terraform', [it.mend.terraform]);
  }
  if (it.lookAlikes) {
    row('or else', `${it.lookAlikes.ids.join(', ')} look the same; what tells them apart:`);
    block('', it.lookAlikes.commands);
  }
  row('read', dim(it.docs));
  return lines.join('\n');
}

function summary(report: Report): string {
  const broken = report.sites.filter((site) => site.firstBroken);
  const unreadable = report.sites.filter((site) => site.links.some(({ status }) => status === 'unknown'));
  const sites = `${report.sites.length} ${report.sites.length === 1 ? 'site' : 'sites'}`;
  if (broken.length > 0) {
    const first = broken.map((site) => `${site.name}: ${site.firstBroken}`).join(', ');
    return `${red(bold(`${broken.length} of ${sites} cannot pull.`))} First broken link: ${first}.\nNext: ${cyan(`acrpull fix ${report.app.name}`)}`;
  }
  if (unreadable.length > 0) {
    return `${magenta(bold(`Nothing broken was found in ${sites}, but not everything could be read.`))}`;
  }
  const notes = report.sites.flatMap((site) => site.findings).length;
  const noted = notes > 0 ? ` ${notes} ${notes === 1 ? 'note' : 'notes'} above.` : '';
  return `${green(bold(`All links hold in ${sites}.`))}${noted}\nNext: ${cyan(`acrpull verify ${report.app.name}`)} proves it by a real pull.`;
}

/** `fix` mends sites as they are; what a swap would break is mended by hand before it. */
function swapSummary({ sites, swap }: Report): string {
  const broken = sites.filter(({ links }) => links.some(({ status }) => status === 'fail'));
  if (broken.length > 0) {
    const names = broken.map(({ name, firstBroken }) => `${name}: ${firstBroken}`).join(', ');
    return `${red(bold(`After the swap ${broken.length} of ${sites.length} sites could not pull.`))} First broken link: ${names}.\nMend it before the swap, as shown above, then look again.`;
  }
  if (sites.some(({ links }) => links.some(({ status }) => status === 'unknown'))) {
    return magenta(bold('Nothing that the swap breaks was found, but not everything could be read.'));
  }
  return `${green(bold('After the swap all links hold in both sites.'))}\nNext: ${cyan(swap?.command ?? '')}`;
}
