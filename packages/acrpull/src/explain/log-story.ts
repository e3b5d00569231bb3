import { type Attempt, advance, isSecondTry, newAttempt, settle } from '../verify/attempt.ts';
import { causeOf, type LogEvent, type Refusal } from '../verify/log-lines.ts';
import { oldestFirst } from './oldest-first.ts';
import { type ReadLine, readLine, resourceIn } from './read-line.ts';
import type { NumberedLine } from './split-lines.ts';

/** What a log tells of one site: its last try to pull and start, and how many there were. */
export interface SiteStory {
  /** `hoge-app`, `hoge-app/staging`; undefined when the log does not say. */
  site: string | undefined;
  attempts: number;
  latest: LoggedAttempt;
}

export interface LoggedAttempt {
  /** As it must be judged when nothing more is heard of it. */
  attempt: Attempt;
  site: string | undefined;
  image: string | undefined;
  /** When it began: milliseconds since the Unix epoch. */
  at: number | undefined;
  /** Which one of the log it is, of whatever site. */
  order: number;
  /** Whether its beginning is in the log: else an earlier error may be missing. */
  isWhole: boolean;
  /** The line that decides: of the first error, or of the end. */
  telling: NumberedLine | undefined;
  /** Errors that follow the first one and say something else: they mislead. */
  later: Refusal[];
}

/** A line that tells something of a try. */
interface ToldLine extends Omit<ReadLine, 'text'> {
  line: NumberedLine;
}

/** Gathers what a log tells, line by line. What it keeps grows with the number of sites, and not with the log. */
export interface LogReader {
  /** `source` is the file that the line is from, where there are several. */
  take(line: NumberedLine, source?: string): void;
  stories(): SiteStory[];
}

/**
 * `isKnown` says whether a line has words of some cause: the first such line counts in a log that has nothing of the
 * platform's own account, such as an error message alone.
 */
export function createLogReader(isKnown: (text: string) => boolean): LogReader {
  /** By where their lines come from: what several sites write at the same time stays apart. */
  const current = new Map<string, LoggedAttempt>();
  /** By source: whose pull it is that begins next. */
  const announced = new Map<string, string>();
  const stories = new Map<string, SiteStory>();
  const queues = new Map<string, { take(told: ToldLine): void; end(): void }>();
  let hasEvents = false;
  let loose: NumberedLine | undefined;
  let opened = 0;

  function close(source: string): void {
    const ended = current.get(source);
    if (!ended) return;
    current.delete(source);
    tell(stories, { ...ended, attempt: settle(ended.attempt) });
  }

  function follow(source: string, { line, event, at, site }: ToldLine): void {
    if (!event) {
      if (site && announcesPull(line.text)) announced.set(source, site);
      else name(current.get(source), site);
      return;
    }
    if (opensAttempt(event, current.get(source))) {
      close(source);
      const isWhole = event.kind === 'pull-started';
      current.set(source, {
        attempt: isWhole || event.kind === 'not-started' ? newAttempt : { ...newAttempt, pulling: true },
        site: announced.get(source),
        image: undefined,
        at,
        order: opened++,
        isWhole,
        telling: undefined,
        later: [],
      });
      announced.delete(source);
    }
    const logged = current.get(source);
    if (!logged) return;
    name(logged, site);
    if (event.kind === 'pull-started') logged.image ??= event.image.slice(0, longest);
    advanceBy(logged, event, line);
  }

  return {
    take({ number, text: raw }, file = '') {
      const { text, event, at, site } = readLine(raw);
      const line = { number, text: text.slice(0, longest) };
      if (!event && !hasEvents && !loose && isKnown(text)) loose = line;
      if (!event && !site) return;
      hasEvents ||= event !== undefined;
      const resource = resourceIn(raw);
      const source = resource ?? file;
      const queue = queues.get(source) ?? oldestFirst<ToldLine>((told) => follow(source, told));
      queues.set(source, queue);
      queue.take({ line, event, at, site: resource ?? site });
    },

    stories() {
      for (const queue of queues.values()) queue.end();
      for (const source of [...current.keys()]) close(source);
      if (stories.size === 0 && loose) tell(stories, refusedBy(loose));
      return merged([...stories.values()]);
    },
  };
}

/** Of a line or a name that is kept, no more than this. */
const longest = 2000;
const mostLater = 3;

/** What says something of a try whose beginning is not in the log. */
const tellingAlone: readonly LogEvent['kind'][] = [
  'pull-error',
  'pull-given-up',
  'pull-failed',
  'pulled',
  'ready',
  'stopped',
  'not-started',
];

/** The newer worker says whose pull it is before it says that it begins. */
const announcesPull = (text: string) => /\bState: Starting, Action: PullingImage\b/.test(text);

function opensAttempt(event: LogEvent, current: LoggedAttempt | undefined): boolean {
  if (event.kind === 'pull-started') return !current || !isSecondTry(current.attempt, event);
  if (!current) return tellingAlone.includes(event.kind);
  // Such as in a log of which only the errors are left.
  return Boolean(current.attempt.decided) && (event.kind === 'pull-error' || event.kind === 'pull-given-up');
}

function name(logged: LoggedAttempt | undefined, site: string | undefined): void {
  if (logged && site) logged.site ??= site.slice(0, longest);
}

function advanceBy(logged: LoggedAttempt, event: LogEvent, line: NumberedLine): void {
  const { firstError, decided } = logged.attempt;
  const after = advance(logged.attempt, event);
  logged.attempt = after;
  if (firstError && !after.firstError) logged.telling = undefined;
  if (event.kind === 'pull-given-up' && !after.firstError) logged.telling ??= line;
  if (after.firstError && !firstError) logged.telling = line;
  else if (after.decided && !decided && !after.firstError) {
    const saysWhy = event.kind === 'pull-failed' && event.error;
    logged.telling = saysWhy ? line : (logged.telling ?? line);
  }
  const isLater = event.kind === 'pull-error' && firstError && event.cause !== firstError.cause;
  if (!isLater || logged.later.length === mostLater) return;
  if (logged.later.every(({ cause }) => cause !== event.cause)) {
    logged.later.push({ cause: event.cause, text: event.text.slice(0, longest) });
  }
}

function tell(stories: Map<string, SiteStory>, ended: LoggedAttempt): void {
  const key = ended.site?.toLowerCase() ?? '';
  const story = stories.get(key);
  stories.set(key, {
    site: story?.site ?? ended.site,
    attempts: (story?.attempts ?? 0) + 1,
    latest: story ? later(story.latest, ended) : ended,
  });
}

/** By their times, since a log may be put together of several; else by their places in it. */
function later(one: LoggedAttempt, other: LoggedAttempt): LoggedAttempt {
  const [first, second] = one.order < other.order ? [one, other] : [other, one];
  return first.at !== undefined && second.at !== undefined && first.at > second.at ? first : second;
}

/** Tries that name no site are those of the only one that is named. */
function merged(stories: SiteStory[]): SiteStory[] {
  const unnamed = stories.find(({ site }) => site === undefined);
  const [named, ...others] = stories.filter(({ site }) => site !== undefined);
  if (!unnamed || !named || others.length > 0) return stories;
  const attempts = named.attempts + unnamed.attempts;
  return [{ site: named.site, attempts, latest: later(unnamed.latest, named.latest) }];
}

/** A line that stands alone. */
function refusedBy(line: NumberedLine): LoggedAttempt {
  const refusal: Refusal = { cause: causeOf(line.text), text: line.text };
  const attempt = settle(advance({ ...newAttempt, pulling: true }, { kind: 'pull-error', ...refusal }));
  return {
    attempt,
    site: undefined,
    image: undefined,
    at: undefined,
    order: 0,
    isWhole: false,
    telling: line,
    later: [],
  };
}
