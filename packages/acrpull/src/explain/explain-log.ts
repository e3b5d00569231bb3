import { type Cause, type CauseId, frequencies, type LogText } from '../checks/cause.ts';
import { causes } from '../checks/index.ts';
import { hasText, localCopy } from '../checks/log-text.ts';
import { type Looked, lookAtLink } from '../checks/look-at-link.ts';
import { isAzureRegistry, parseImage } from '../pull-path/image-reference.ts';
import type { Outcome } from '../verify/outcome.ts';
import type { LoggedAttempt, SiteStory } from './log-story.ts';

/** What a log says of a site, and what may have caused it. */
export interface Explained {
  story: SiteStory;
  /** How the latest try ended; `unfinished` when the log ends before it is decided. */
  ended: { kind: 'ready' } | { kind: 'unfinished'; waitsFor: string } | Exclude<Outcome, { kind: 'serving' }>;
  /** The likeliest first. Empty when nothing is wrong, or no cause is known to leave such words. */
  suspects: Suspect[];
}

export interface Suspect {
  cause: Cause;
  /** The words of the log that point to it. */
  words: LogText;
  /** The command that shows whether it is this one. */
  look: string;
}

/** Whether some cause leaves such words. */
export const isKnownText = (text: string): boolean => knownWords.some((words) => hasText(text, words));
const knownWords = [...new Set(causes.flatMap((cause) => wordsOf(cause, false)))];

/** Judges the latest try of a site by its log alone. Pure. */
export function explain(story: SiteStory): Explained {
  const { attempt, telling, isWhole } = story.latest;
  const { decided } = attempt;
  if (decided === 'ready') return { story, ended: { kind: 'ready' }, suspects: [] };
  if (!decided) {
    return { story, ended: { kind: 'unfinished', waitsFor: attempt.waitsFor }, suspects: [] };
  }
  const looked = lookedAt(story.latest);
  const suspects = suspectsOf(telling?.text ?? '', isWhole, looked);
  const isHidden = decided.kind === 'refused' && decided.localCopyServes;
  return {
    story,
    ended: decided,
    suspects: isHidden ? [...suspects, ...suspectsOf(localCopy, isWhole, looked)] : suspects,
  };
}

/**
 * The causes that leave these words, by how often each is reported, then in the order of the links. `isWhole`: no
 * earlier error can be missing.
 */
function suspectsOf(text: string, isWhole: boolean, looked: Looked): Suspect[] {
  return causes
    .flatMap((cause): Suspect[] => {
      const words = wordsIn(text, cause, isWhole);
      return words === undefined ? [] : [{ cause, words, look: lookAtLink[cause.link](looked) }];
    })
    .sort((a, b) => rank(a.cause) - rank(b.cause));
}

const rank = ({ frequency }: Cause) => frequencies.indexOf(frequency);

const wordsIn = (text: string, cause: Cause, isWhole: boolean): LogText | undefined =>
  wordsOf(cause, isWhole).find((words) => hasText(text, words));

function wordsOf({ seenAs, thenSeenAs = [] }: Cause, isWhole: boolean): readonly LogText[] {
  return isWhole ? seenAs : [...seenAs, ...thenSeenAs];
}

/** The site and the image as the log names them, and `<…>` for what it does not. */
function lookedAt({ site, image }: Pick<LoggedAttempt, 'site' | 'image'>): Looked {
  const [name = '<app>', slot] = site?.split('/') ?? [];
  const parsed = image === undefined ? undefined : parseImage(image);
  const azureImage = parsed?.ok && isAzureRegistry(parsed.reference.host) ? parsed.reference : undefined;
  return {
    snapshot: { app: { name, resourceGroup: '<group>' } },
    site: { ...(slot && { slot }) },
    azureImage,
  };
}

/** Where the page of a cause is. */
export const pageOf = (id: CauseId): string => `docs/causes/${id}.md`;
