import type { Link, SiteView } from '../pull-path/links.ts';
import type { Unreadable } from '../pull-path/snapshot.ts';
import type { Remedy } from '../remedies/remedy.ts';

/**
 * One cause of the catalogue: facts in, verdict out. A check does no I/O and knows no other check; when it needs
 * more, the snapshot is missing something.
 */
export interface Check {
  /** The cause's stable number, such as `B1`: quoted in output, documents and issues. */
  id: string;
  /** The link of the pull path that it judges. */
  link: Link;
  /** The cause in a few words. */
  title: string;
  /** Why a pull fails because of it, in a sentence or two. */
  why: string;
  judge(view: SiteView): Verdict;
  /** What mends it, most advisable first. */
  remedies: [Remedy, ...Remedy[]];
  /** Microsoft's page on it. */
  docs: string;
}

export type Verdict =
  | { status: 'pass'; says: string }
  | { status: 'skip'; says: string }
  | { status: 'fail' | 'warn'; says: string; evidence: Evidence[] }
  | { status: 'unknown'; says: string; because: Unreadable };

/** A value as it was read, and the resource it was read from. */
export interface Evidence {
  property: string;
  value: string;
  resource: string;
}

export const pass = (says: string): Verdict => ({ status: 'pass', says });
export const skip = (says: string): Verdict => ({ status: 'skip', says });
export const fail = (says: string, ...evidence: Evidence[]): Verdict => ({ status: 'fail', says, evidence });
export const warn = (says: string, ...evidence: Evidence[]): Verdict => ({ status: 'warn', says, evidence });
export const cannotTell = (says: string, because: Unreadable): Verdict => ({
  status: 'unknown',
  says,
  because,
});
