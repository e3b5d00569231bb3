import type { Link } from '../pull-path/links.ts';
import type { SiteView } from '../pull-path/site-view.ts';
import type { Unreadable } from '../pull-path/snapshot.ts';
import type { Remedy } from '../remedies/remedy.ts';
import type { Diagnosis } from './diagnose.ts';
import type { Look } from './look-at-link.ts';

/**
 * One cause of the catalogue: why a site cannot pull. Where Azure's interfaces show it, it is a check: facts in,
 * verdict out. A check does no I/O and knows no other check; when it needs more, the snapshot is missing something.
 */
export type Cause = Check | ForetoldCause | HiddenCause;

export type Check = DecidingCheck | HintingCheck;

/** What there is to say of a cause, whoever finds it: a check, a line of a log, or a person. */
interface Described {
  /** Its stable number: quoted in output, documents and issues. */
  id: CauseId;
  /** The link of the pull path that it breaks. */
  link: Link;
  /** The cause in a few words. */
  title: string;
  /** Why a pull fails because of it, in a sentence or two. */
  why: string;
  frequency: Frequency;
  /** What it leaves in the platform's log. */
  seenAs: readonly LogText[];
  /** What the platform's second try leaves after that. It misleads, and tells only where the first words are lost. */
  thenSeenAs?: readonly LogText[];
  /** The command that shows it, where that of its link does not. */
  look?: Look;
  /** What mends it, most advisable first. */
  remedies: readonly [Remedy, ...Remedy[]];
  /** Other causes that leave the same traces. */
  lookAlikes?: LookAlikes;
  /** Microsoft's page on it. */
  docs: string;
}

interface DecidingCheck extends Described {
  confidence: 'verdict';
  judge(view: SiteView): Verdict;
}

/** A check of what is known by hearsay, or likely at best: it points, and breaks no link. */
interface HintingCheck extends Described {
  confidence: 'hint';
  judge(view: SiteView): Hint;
}

/** A cause that lies in a swap to come: `doctor --swap` tells of it before. */
export interface ForetoldCause extends Described {
  confidence: 'foretold';
  foretell(site: SwappedSite): Verdict;
}

/** One of the two sites of a swap, as it is judged now and as the swap leaves it. */
export interface SwappedSite {
  before: Diagnosis;
  after: Diagnosis;
  /** The other of the two, as it is now. */
  other: Diagnosis;
  /** Of the source: as the swap starts it anew before anything is exchanged. Undefined for the target. */
  warmUp: Diagnosis | undefined;
}

/** A cause that no interface of Azure shows. */
interface HiddenCause extends Described {
  confidence: 'hidden';
  /** Where it shows instead. */
  shownBy: string;
}

/** Group and number in the catalogue. */
export type CauseId = `${'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G'}${number}` | 'B4b';

/** Judged from how many independent sources report it: nobody publishes counts. */
export type Frequency = (typeof frequencies)[number];
export const frequencies = ['very common', 'common', 'occasional', 'rare'] as const;

/** Words of the platform's log as they stand there; `<…>` stands for what differs. */
export type LogText = string;

export interface LookAlikes {
  ids: readonly [CauseId, ...CauseId[]];
  /** Commands whose output tells them apart. */
  commands(view: SiteView): string[];
}

export type Verdict =
  | { status: 'pass'; says: string }
  | { status: 'skip'; says: string }
  | { status: 'fail' | 'warn'; says: string; evidence: Evidence[] }
  | { status: 'unknown'; says: string; because: Unreadable };

export type Hint = { status: 'skip'; says: string } | { status: 'warn'; says: string; evidence: Evidence[] };

/** A value as it was read, and the resource it was read from. */
export interface Evidence {
  property: string;
  value: string;
  resource: string;
}

export const pass = (says: string): Verdict => ({ status: 'pass', says });
export const skip = (says: string): Hint & { status: 'skip' } => ({ status: 'skip', says });
export const fail = (says: string, ...evidence: Evidence[]): Verdict => ({ status: 'fail', says, evidence });
export const warn = (says: string, ...evidence: Evidence[]): Hint & { status: 'warn' } => ({
  status: 'warn',
  says,
  evidence,
});
export const cannotTell = (says: string, because: Unreadable): Verdict => ({
  status: 'unknown',
  says,
  because,
});

export const isCheck = (cause: Cause): cause is Check =>
  cause.confidence === 'verdict' || cause.confidence === 'hint';

export const isForetold = (cause: Cause): cause is ForetoldCause => cause.confidence === 'foretold';
