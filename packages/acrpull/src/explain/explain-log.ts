import { type Explained, explainStory, isKnownText } from './explain-story.ts';
import { createLogReader } from './log-story.ts';
import { splitLines } from './split-lines.ts';

/** A log, or one of several files of it, in pieces of any size. */
export interface LogSource {
  name: string;
  chunks: AsyncIterable<string>;
}

/** Says of each site that a log tells of how its latest try ended, and what may have caused it. Needs the log alone. */
export async function explainLog(sources: Iterable<LogSource>): Promise<Explained[]> {
  const reader = createLogReader(isKnownText);
  for (const { name, chunks } of sources) {
    for await (const line of splitLines(chunks)) reader.take(line, name);
  }
  return reader.stories().map(explainStory);
}
