import type { Verdict } from '../checks/cause.ts';
import type { ReportedFinding } from './report.ts';

/** A cause that could not be decided is not said to be there. */
export const findingTitle = ({ status, title }: ReportedFinding): string =>
  status === 'unknown' ? `Not decided: ${title}` : title;

/** What stands above the commands that tell the look-alikes apart. */
export const lookAlikesTitle = ({ ids }: NonNullable<ReportedFinding['lookAlikes']>): string =>
  `${ids.join(', ')} ${ids.length === 1 ? 'looks' : 'look'} the same; what tells them apart:`;

/** How sure it is, where there is something to say of it. */
export const remarks: Record<ReportedFinding['confidence'], string> = {
  verdict: '',
  hint: 'a hint: it may be so',
  foretold: 'foretold',
};

/** What a status is called where colour is no help. */
export const statuses: Record<Verdict['status'], { mark: string; word: string }> = {
  pass: { mark: '✔', word: 'holds' },
  fail: { mark: '✘', word: 'broken' },
  warn: { mark: '!', word: 'note' },
  unknown: { mark: '?', word: 'not read' },
  skip: { mark: '–', word: 'does not apply' },
};
