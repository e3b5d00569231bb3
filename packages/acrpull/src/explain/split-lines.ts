export interface NumberedLine {
  /** Counted from 1, by the line feeds of the file. */
  number: number;
  text: string;
}

/** Longer lines are cut here, so that memory does not grow with what a file holds. */
export const maxLineLength = 16 * 1024;

/**
 * Line feeds, carriage returns, and line feeds of a text that stands in a JSON string, where a time stamp shows that a
 * line begins. A carriage return at the end may be half of a line end.
 */
const lineEnd = /(\r?\n|\r(?!\n|$)|(?:\\{1,8}r)?\\{1,8}n(?=\d{4}-\d\d-\d\d[T ]))/;
/** What of a line that is too long may be the beginning of a line end. */
const longestLineEnd = 32;

/** The lines of a text that comes in pieces of any size. */
export async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<NumberedLine> {
  let number = 1;
  let rest = '';
  let isCut = false;
  for await (const chunk of chunks) {
    // UTF-16, as PowerShell redirects it, is ASCII with a zero beside each character.
    const parts = (rest + chunk.replaceAll('\0', '')).split(lineEnd);
    for (let i = 0; i + 1 < parts.length; i += 2) {
      if (!isCut) yield { number, text: parts[i]!.slice(0, maxLineLength) };
      isCut = false;
      if (parts[i + 1]!.endsWith('\n')) number++;
    }
    rest = parts.at(-1)!;
    if (rest.length <= maxLineLength) continue;
    if (!isCut) yield { number, text: rest.slice(0, maxLineLength) };
    isCut = true;
    rest = rest.slice(-longestLineEnd);
  }
  if (!isCut && rest !== '') yield { number, text: rest.replace(/\r$/, '') };
}
