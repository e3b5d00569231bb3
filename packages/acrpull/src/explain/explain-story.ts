import { type Cause, type CauseId, frequencies, type LogText } from '../checks/cause.ts';
import { causes } from '../checks/index.ts';
import { hasText, localCopy } from '../checks/log-text.ts';
import { type Looked, lookAtLink } from '../checks/look-at-link.ts';
import { isAzureRegistry, parseImage } from '../pull-path/image-reference.ts';
import type { Link } from '../pull-path/links.ts';
import { causeOf, type PullCause } from '../verify/log-lines.ts';
import type { Outcome } from '../verify/outcome.ts';
import type { LoggedAttempt, SiteStory } from './log-story.ts';

/** What a log says of a site, and what may have caused it. */
export interface Explained {
  story: SiteStory;
  /** How the latest try ended; `unfinished` when the log ends before it is decided. */
  ended: { kind: 'ready' } | { kind: 'unfinished'; waitsFor: string } | Exclude<Outcome, { kind: 'serving' }>;
  /** The host of the image, where no managed identity counts: it is no Azure Container Registry. */
  otherRegistry: string | undefined;
  /** The likeliest first. Empty when nothing is wrong, or no cause is known to leave such words. */
  suspects: Suspect[];
}

export interface Suspect {
  cause: Cause;
  /** The words of the log that point to it; undefined when the log has others of the same kind. */
  words: LogText | undefined;
  /** The command that shows whether it is this one. */
  look: string;
}

/** Whether some cause leaves such words. */
export const isKnownText = (text: string): boolean => knownWords.some((words) => hasText(text, words));
const knownWords = [...new Set(causes.flatMap((cause) => wordsOf(cause, false)))];

/** Judges the latest try of a site by its log alone. Pure. */
export function explainStory(story: SiteStory): Explained {
  const { attempt, telling, isWhole } = story.latest;
  const { decided, waitsFor } = attempt;
  const { looked, otherRegistry } = lookedAt(story.latest);
  const explained = (ended: Explained['ended'], suspected: Suspected[] = []): Explained => ({
    story,
    ended,
    otherRegistry,
    suspects: suspected
      .filter(({ cause }) => !otherRegistry || !ofIdentities.includes(cause.link))
      .map(({ cause, words }) => ({ cause, words, look: (cause.look ?? lookAtLink[cause.link])(looked) })),
  });
  if (decided === 'ready') return explained({ kind: 'ready' });
  if (!decided) return explained({ kind: 'unfinished', waitsFor });
  const text = telling?.text ?? '';
  const suspected = leaving(text, isWhole);
  if (decided.kind !== 'refused') return explained(decided, suspected);
  const likely = suspected.length > 0 || otherRegistry ? suspected : ofKind(decided.cause);
  return explained(decided, decided.localCopyServes ? [...likely, ...leaving(localCopy, isWhole)] : likely);
}

/** By how often each is reported, then in the order of the links. */
const likeliestFirst = causes.toSorted(
  (a, b) => frequencies.indexOf(a.frequency) - frequencies.indexOf(b.frequency),
);

type Suspected = Pick<Suspect, 'cause' | 'words'>;

/** Links that only an Azure Container Registry has anything to do with. */
const ofIdentities: readonly Link[] = ['identity', 'grant', 'flag'];

/** The causes that leave these words. `isWhole`: no earlier error can be missing. */
function leaving(text: string, isWhole: boolean): Suspected[] {
  return likeliestFirst.flatMap((cause) => {
    const words = wordsOf(cause, isWhole).find((it) => hasText(text, it));
    return words === undefined ? [] : [{ cause, words }];
  });
}

/** The causes that leave other words of this kind. */
const ofKind = (kind: PullCause): Suspected[] =>
  likeliestFirst
    .filter(({ seenAs }) => kind !== 'other' && seenAs.some((words) => causeOf(words) === kind))
    .map((cause) => ({ cause, words: undefined }));

function wordsOf({ seenAs, thenSeenAs = [] }: Cause, isWhole: boolean): readonly LogText[] {
  return isWhole ? seenAs : [...seenAs, ...thenSeenAs];
}

/** The site and the image as the log names them, and `<…>` for what it does not. */
function lookedAt({ site, image }: LoggedAttempt): Pick<Explained, 'otherRegistry'> & { looked: Looked } {
  const [name = '<app>', slot] = site?.split('/') ?? [];
  const parsed = image === undefined ? undefined : parseImage(image);
  const reference = parsed?.ok ? parsed.reference : undefined;
  const isAzure = reference !== undefined && isAzureRegistry(reference.host);
  return {
    looked: {
      snapshot: { app: { name, resourceGroup: '<group>' } },
      site: { ...(slot && { slot }) },
      azureImage: isAzure ? reference : undefined,
    },
    otherRegistry: isAzure ? undefined : reference?.host,
  };
}

/** Where the page of a cause is. */
export const pageOf = (id: CauseId): string => `docs/causes/${id}.md`;
