import type { Report } from './report.ts';
import { count, number } from './style.ts';

/** The whole result in a sentence or two. */
export interface Headline {
  /** What it is about. */
  title: string;
  status: 'fail' | 'unknown' | 'pass';
  says: string;
  /** What more there is to say; often nothing. */
  more: string;
}

export function headline(reports: Report[]): Headline {
  const sites = reports.flatMap((report) => report.sites);
  const apps =
    reports.length > mostNamed ? count(reports.length, 'app') : list(reports.map(({ app }) => app.name));
  const title = `Pull path of ${apps}`;
  const swapped = reports.some(({ swap }) => swap);
  const all = count(sites.length, 'site');
  const broken = sites.filter(({ firstBroken }) => firstBroken);
  if (broken.length > 0) {
    const says = swapped
      ? `After the swap ${number(broken.length)} of ${all} could not pull.`
      : `${number(broken.length)} of ${all} cannot pull.`;
    const first = list(broken.map(({ name, firstBroken }) => `${name}: ${firstBroken}`));
    return { title, status: 'fail', says, more: `First broken link: ${first}.` };
  }
  if (sites.some(({ links }) => links.some(({ status }) => status === 'unknown'))) {
    const found = swapped ? 'Nothing that the swap breaks was found' : `Nothing broken was found in ${all}`;
    return { title, status: 'unknown', says: `${found}, but not everything could be read.`, more: '' };
  }
  const notes = sites.flatMap(({ findings }) => findings).length;
  return {
    title,
    status: 'pass',
    says: swapped ? 'After the swap all links hold in both sites.' : `All links hold in ${all}.`,
    more: notes > 0 ? `${count(notes, 'note')}.` : '',
  };
}

const mostNamed = 5;

/** When it was read: one time, or the first and the last. */
export function timesOf(reports: Report[]): string[] {
  const times = reports.map(({ takenOn }) => takenOn).sort();
  return [...new Set([times[0]!, times.at(-1)!])];
}

/** Of many no more than a few, since the rest follows below. */
function list(items: string[]): string {
  const rest = items.length - mostNamed;
  return [...items.slice(0, mostNamed), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}
