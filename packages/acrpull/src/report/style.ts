import picocolors from 'picocolors';
import type { Verdict } from '../checks/cause.ts';

// Decided here: picocolors by itself colours pipes too where CI is set.
const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
const coloured = !NO_COLOR && (Boolean(FORCE_COLOR) || (process.stdout.isTTY === true && TERM !== 'dumb'));
const pc = picocolors.createColors(coloured);

/** Colour and marks for people: NO_COLOR is honoured, pipes stay plain. */
export const marks: Record<Verdict['status'], string> = {
  pass: pc.green('✔'),
  fail: pc.red('✘'),
  warn: pc.yellow('!'),
  unknown: pc.magenta('?'),
  skip: pc.dim('-'),
};

export const { bold, dim, red, green, yellow, cyan, magenta } = pc;

/** Without what would steer a terminal, which names and messages may hold; colours and line ends stay. */
export const harmlessText = (text: string): string =>
  text.replace(/\p{Cc}(\[\d{1,2}m)?/gu, (found, colour = '') =>
    found === '\n' || (colour && found.startsWith('\u{1b}')) ? found : `\u{fffd}${colour}`,
  );

/** Breaks a sentence at spaces; every line but the first begins with `indent`. Long words, such as ids, stay whole. */
export function wrap(text: string, indent: string, width = 100): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    const used = indent.length + line.length;
    if (line !== '' && used + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${indent}`);
}

/** `12`, `1,234`. */
export const number = (value: number): string => value.toLocaleString('en-US');

/** `1 site`, `1,234 sites`. */
export const count = (value: number, noun: string): string =>
  `${number(value)} ${noun}${value === 1 ? '' : 's'}`;

/** `850 ms`, `12 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
