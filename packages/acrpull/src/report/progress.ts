import { stripVTControlCharacters } from 'node:util';
import { cyan, dim, duration, green, red } from './style.ts';

/** What goes on in several things at once. Written to stderr, so that stdout holds results only. */
export interface Progress {
  /** What this thing waits for now; the time since then is shown. */
  wait(name: string, waitsFor: string): void;
  finish(name: string, ok: boolean, text: string): void;
  /** Ends the display. With `erase` a terminal forgets it, for what follows says the same at length. */
  stop(options?: { erase?: boolean }): void;
}

interface Line {
  mark: string | undefined;
  text: string;
  since: number;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** On a terminal one running line for each name; in a pipe one line whenever something new is awaited. */
export function showProgress(names: string[], silent: boolean, stream = process.stderr): Progress {
  if (silent) return { wait: () => {}, finish: () => {}, stop: () => {} };
  return stream.isTTY ? running(names, stream) : logged(stream);
}

function logged(stream: NodeJS.WriteStream): Progress {
  const startedOn = Date.now();
  const last = new Map<string, string>();
  return {
    wait: (name, waitsFor) => {
      if (last.get(name) === waitsFor) return;
      last.set(name, waitsFor);
      const elapsed = `${Math.floor((Date.now() - startedOn) / 1000)} s`.padStart(7);
      stream.write(`${elapsed}  ${name}: waiting for ${waitsFor}\n`);
    },
    finish: (name, ok, text) => stream.write(`${ok ? '✔' : '✘'} ${name}: ${text}\n`),
    stop: () => {},
  };
}

function running(names: string[], stream: NodeJS.WriteStream): Progress {
  const lines = new Map<string, Line>(
    names.map((name) => [name, { mark: undefined, text: '', since: Date.now() }]),
  );
  let drawn = 0;
  let frame = 0;

  const draw = () => {
    frame = (frame + 1) % frames.length;
    const rows = [...lines].map(([name, { mark, text, since }]) => {
      const state = mark
        ? text
        : `waiting for ${text} ${dim(`· ${duration(Math.floor((Date.now() - since) / 1000) * 1000)}`)}`;
      return fit(`${mark ?? cyan(frames[frame]!)} ${name}  ${state}`, stream.columns);
    });
    // Up over what was drawn, then each line anew.
    stream.write(`${drawn > 0 ? `\x1b[${drawn}A` : ''}${rows.map((row) => `\x1b[2K${row}\n`).join('')}`);
    drawn = rows.length;
  };
  const timer = setInterval(draw, 100);
  const change = (name: string, line: Line) => {
    lines.set(name, line);
    draw();
  };
  return {
    wait: (name, waitsFor) => {
      if (lines.get(name)?.text !== waitsFor)
        change(name, { mark: undefined, text: waitsFor, since: Date.now() });
    },
    finish: (name, ok, text) => change(name, { mark: ok ? green('✔') : red('✘'), text, since: Date.now() }),
    stop: ({ erase = false } = {}) => {
      clearInterval(timer);
      if (erase && drawn > 0) stream.write(`\x1b[${drawn}A\x1b[J`);
    },
  };
}

/** A line that is longer than the terminal is wide would wrap, and the next drawing would miss it. */
const fit = (row: string, columns: number) =>
  stripVTControlCharacters(row).length < columns
    ? row
    : `${stripVTControlCharacters(row).slice(0, columns - 2)}…`;
