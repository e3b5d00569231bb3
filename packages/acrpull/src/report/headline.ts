import type { Report } from './report.ts';

/** The whole result in a sentence or two. */
export interface Headline {
  status: 'fail' | 'unknown' | 'pass';
  says: string;
  /** What more there is to say; often nothing. */
  more: string;
}

export function headline(reports: Report[]): Headline {
  const sites = reports.flatMap((report) => report.sites);
  const swapped = reports.some(({ swap }) => swap);
  const count = `${sites.length} ${sites.length === 1 ? 'site' : 'sites'}`;
  const broken = sites.filter(({ firstBroken }) => firstBroken);
  if (broken.length > 0) {
    const says = swapped
      ? `After the swap ${broken.length} of ${count} could not pull.`
      : `${broken.length} of ${count} cannot pull.`;
    const first = broken.map(({ name, firstBroken }) => `${name}: ${firstBroken}`).join(', ');
    return { status: 'fail', says, more: `First broken link: ${first}.` };
  }
  if (sites.some(({ links }) => links.some(({ status }) => status === 'unknown'))) {
    const found = swapped ? 'Nothing that the swap breaks was found' : `Nothing broken was found in ${count}`;
    return { status: 'unknown', says: `${found}, but not everything could be read.`, more: '' };
  }
  const notes = sites.flatMap(({ findings }) => findings).length;
  return {
    status: 'pass',
    says: swapped ? 'After the swap all links hold in both sites.' : `All links hold in ${count}.`,
    more: notes > 0 ? `${notes} ${notes === 1 ? 'note' : 'notes'}.` : '',
  };
}
