import { stripVTControlCharacters } from 'node:util';
import { type LogEvent, readLogLine, timeOf } from '../verify/log-lines.ts';

/** What a line of a log tells, however it was copied, exported or coloured. */
export interface ReadLine {
  text: string;
  event: LogEvent | undefined;
  /** Milliseconds since the Unix epoch. */
  at: number | undefined;
  /** The site that the platform's words name: `hoge-app`, `hoge-app/staging`. */
  site: string | undefined;
}

/** Reads the strings of a JSON record, or the line as it stands, or without what others have put around it. */
export function readLine(line: string): ReadLine {
  const whole = clean(line);
  for (const text of readings(line, whole)) {
    const event = readLogLine(text);
    if (event) return { text, event, at: timeOf(text) ?? timeOf(fromTimeStamp(whole)), site: siteIn(text) };
  }
  return { text: whole, event: undefined, at: timeOf(whole), site: siteIn(whole) };
}

/** Without colours and other control characters, and with the quotes that a JSON string escapes. */
function clean(text: string): string {
  const unescaped = text
    .replace(/\\{1,8}u00([0-7][0-9a-f])/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replace(/\\{1,8}(["'/])/g, '$1');
  return stripVTControlCharacters(unescaped)
    .replace(/\p{Cc}/gu, ' ')
    .trim();
}

function* readings(line: string, whole: string): Generator<string> {
  for (const value of jsonStrings(line.trim())) yield clean(value);
  yield whole;
  yield fromTimeStamp(whole);
  // Such as the name of a container, a bullet, a quotation mark.
  yield whole.replace(/^[^|]{1,100}\|\s*/, '').replace(/^[^\w[]+/, '');
}

/** From the last of the time stamps that stand beside each other, such as that of a pipeline and the platform's own. */
const fromTimeStamp = (text: string) =>
  text.replace(/^.*?(?:\d{4}-\d\d-\d\d[T ][\d:.]+Z?\W+)*(?=\d{4}-\d\d-\d\d[T ]\d\d:)/, '');

/** The strings of a line that is a JSON object, or a piece of one that is printed on several lines. */
function jsonStrings(line: string): string[] {
  const [first] = line;
  if (first !== '{' && first !== '"' && first !== '[') return [];
  const inner = line.replace(/,$/, '');
  for (const json of first === '"' ? [`[${inner}]`, `{${inner}}`] : [inner]) {
    try {
      return strings(JSON.parse(json));
    } catch {
      // Not JSON, or cut.
    }
  }
  return [];
}

/** Those of a string that is JSON again, too. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [...jsonStrings(value), value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

/**
 * The workers' name of a slot's site is `<app>__<slot>`. Nothing but what names are made of: they go into commands that
 * people paste.
 */
const namings = [
  /\bfor site ([\w-]+)[.,]?(?:\s|$)/,
  /\bSite: ([\w-]+) (?:stopped\.$|- )/,
  /\bStopping site ([\w-]+)\.?(?: because|$)/,
  /\bState: .* Details: Pulling image \S+ for ([\w-]+)\.,/,
];

function siteIn(text: string): string | undefined {
  if (!/site|State: /i.test(text)) return undefined;
  for (const naming of namings) {
    const name = naming.exec(text)?.[1];
    if (name) return name.replace('__', '/');
  }
  return undefined;
}

/** The site whose log a line is from, where an export says so by resource id. */
export function resourceIn(line: string): string | undefined {
  const id = /resourceid\\*"\s*:\s*\\*"[^"]*\/sites\/([\w-]+)(?:\/slots\/([\w-]+))?/i.exec(line);
  return id ? `${id[1]}${id[2] ? `/${id[2]}` : ''}`.toLowerCase() : undefined;
}
