import type { Report } from '../report/report.ts';
import { bold, count, cyan, dim, green, harmlessText, magenta, number, red } from '../report/style.ts';
import { siteText } from '../report/text.ts';
import { conditionOf, summarize } from './summary.ts';
import type { Survey } from './survey.ts';

/** Many apps for a terminal: a summary, then the sites that have a problem, or all of them. */
export function surveyText(survey: Survey, { allDetails }: { allDetails: boolean }): string {
  const details = survey.reports.flatMap((report) => {
    const shown = report.sites.filter((site) => allDetails || conditionOf(site) !== 'fine');
    const isBroken = report.sites.some((site) => site.firstBroken);
    return [...shown.map(siteText), ...(isBroken ? [next(report)] : [])];
  });
  const unreadable = survey.unreadable.map(
    ({ id, failure }) => `${bold(id)}\n  ${magenta('?')} ${failure.message}`,
  );
  return `${harmlessText([summaryText(survey), ...unreadable, ...details].join('\n\n'))}\n`;
}

function summaryText({ reports, unreadable, withoutContainer }: Survey): string {
  const { apps, sites, fine, noted, broken, unknown } = summarize(reports);
  const others = withoutContainer > 0 ? dim(`; ${count(withoutContainer, 'app')} without a container`) : '';
  const lines = [`${bold(`${count(apps, 'app')}, ${count(sites, 'site')} in all`)}${others}`];
  const row = (mark: string, text: string) => lines.push(`  ${mark} ${text}`);
  if (fine > 0) {
    const notes = noted > 0 ? dim(` (${noted} with a note: --all-details)`) : '';
    row(green('✔'), `${count(fine, 'site')}: all links hold${notes}`);
  }
  const cannotPull = broken.reduce((sum, cause) => sum + cause.sites, 0);
  if (cannotPull > 0) row(red('✘'), `${count(cannotPull, 'site')} cannot pull, first of all because:`);
  for (const { id, title, sites: concerned } of broken) {
    lines.push(`    ${number(concerned).padStart(7)}  ${red(id.padEnd(4))} ${title}`);
  }
  if (unknown > 0)
    row(
      magenta('?'),
      `${count(unknown, 'site')}: nothing broken was found, but not everything could be read`,
    );
  if (unreadable.length > 0) row(magenta('?'), `${number(unreadable.length)} could not be read at all`);
  return lines.join('\n');
}

const next = ({ app }: Report) =>
  `Next: ${cyan(`acrpull fix ${app.name} --subscription ${app.subscriptionId}`)}`;
