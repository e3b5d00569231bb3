import { hasChanges, type LinkChange } from './changes.ts';
import type { Report } from './report.ts';
import { bold, dim, harmlessText, marks, red } from './style.ts';
import { summaryText, textReport } from './text.ts';
import type { WatchDisplay } from './watch.ts';

interface Streams {
  out: NodeJS.WriteStream;
  /** For what is of the moment: on a terminal one line, which is written over; in a pipe it is said once. */
  err: NodeJS.WriteStream;
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** The first report whole, then a line for each change, and in the end the summary. */
export function watchText(everyMs: number, { out, err, now }: Streams): WatchDisplay {
  const time = () => new Date(now()).toTimeString().slice(0, 8);
  const clear = () => err.isTTY && err.write('\r\x1b[2K');
  const say = (text: string) => {
    clear();
    out.write(`${harmlessText(text)}\n`);
  };
  const pace = `every ${everyMs / 1000} s until all links hold`;
  const awaitNext = () => {
    clear();
    // Short enough for one line of any terminal, since no more is written over.
    if (err.isTTY) err.write(dim(`Looked at ${time()}, and again ${pace}.`));
  };
  let lastFailure = '';
  return {
    first: (report) => {
      out.write(textReport(report));
      if (report.ok) return;
      if (err.isTTY) awaitNext();
      else err.write(`Looking again ${pace}.\n`);
    },
    look: (report, changes) => {
      lastFailure = '';
      for (const change of changes.links) say(`${dim(time())}  ${changeText(change)}`);
      for (const name of changes.gone) say(`${dim(time())}  ${bold(name)}  is no more`);
      if (report.ok) say(`\n${summaryText(report)}`);
      else awaitNext();
    },
    failed: ({ message }) => {
      // What lasts is said once.
      if (message !== lastFailure) say(`${dim(time())}  ${red('could not look:')} ${message}`);
      lastFailure = message;
      awaitNext();
    },
  };
}

/** A report in a line of JSON: the first one, and each that differs from the one before. */
export const watchJson = (out: NodeJS.WriteStream): WatchDisplay => {
  const line = (value: unknown) => out.write(`${JSON.stringify(value)}\n`);
  return {
    first: line,
    look: (report: Report, changes) => {
      if (hasChanges(changes) || report.ok) line(report);
    },
    failed: ({ message, resource, next }) => line({ error: { message, resource, next } }),
  };
};

function changeText({ site, link, before, after, says }: LinkChange): string {
  return `${marks[after]} ${bold(site)}  ${link} ${becomes(before, after)}: ${says}`;
}

function becomes(before: LinkChange['before'], after: LinkChange['after']): string {
  if (before === after) return 'for another reason';
  return {
    pass: 'holds now',
    fail: 'is broken now',
    warn: 'holds now, with a note',
    unknown: 'cannot be read now',
    skip: 'does not apply now',
  }[after];
}
