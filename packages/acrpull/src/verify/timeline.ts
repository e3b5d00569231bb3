import { type LogEvent, readLogLine, timeOf } from './log-lines.ts';

/**
 * What the log says of one start, gathered from several sources that may lose lines, repeat them or bring them late.
 * Lines are told apart by their text, which begins with a time stamp, and stand in the order of those.
 */
export interface Timeline {
  /** From now on only what was written at `since` or later, and has not come before, counts: another start begins. */
  begin(since: number): void;
  /** A line of the log stream. */
  takeStreamed(line: string): void;
  /** The text of a log file, or its end; `machine` where it is known who wrote it. Each line may come again. */
  takeWritten(text: string, machine?: string): void;
  /** All of it. */
  events(): LogEvent[];
  /** What log files say: complete and in order, where the stream may lack lines. */
  written(machine?: string): LogEvent[];
  /** Whose log files have been taken. */
  machines(): string[];
}

interface Entry {
  at: number;
  event: LogEvent;
}

/** The entries of a source by the lines' text, in the order in which they came. */
type Entries = Map<string, Entry>;

export function createTimeline(): Timeline {
  let since = Number.NEGATIVE_INFINITY;
  const before = new Set<string>();
  let streamed: Entries = new Map();
  let written = new Map<string | undefined, Entries>();
  let lastStreamed: number | undefined;

  /** A line without a time stamp belongs to the one before it. Returns the line's time. */
  function take(into: Entries, line: string, previous: number | undefined): number | undefined {
    const at = timeOf(line) ?? previous;
    const event = at === undefined ? undefined : readLogLine(line);
    if (at === undefined || !event || at < since) return at;
    const key = timeOf(line) === undefined ? `${at} ${line}` : line;
    if (!before.has(key) && !into.has(key)) into.set(key, { at, event });
    return at;
  }

  const inOrder = (entries: Entry[]) => entries.sort((a, b) => a.at - b.at).map(({ event }) => event);

  return {
    begin(time) {
      for (const entries of [streamed, ...written.values()])
        for (const key of entries.keys()) before.add(key);
      streamed = new Map();
      written = new Map();
      since = time;
    },
    takeStreamed(line) {
      lastStreamed = take(streamed, line, lastStreamed);
    },
    takeWritten(text, machine) {
      const entries = written.get(machine) ?? new Map();
      written.set(machine, entries);
      let previous: number | undefined;
      for (const line of text.split(/\r?\n/)) previous = take(entries, line, previous);
    },
    events() {
      // Files first: the order in them is right also for lines of the same millisecond.
      const all: Entries = new Map();
      for (const entries of [...written.values(), streamed])
        for (const [key, entry] of entries) if (!all.has(key)) all.set(key, entry);
      return inOrder([...all.values()]);
    },
    written: (machine) => inOrder([...(written.get(machine)?.values() ?? [])]),
    machines: () => [...written.keys()].filter((machine) => machine !== undefined),
  };
}
