import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitLines } from './lines.ts';

function linesOf(chunks: Uint8Array[]): string[] {
  const lines: string[] = [];
  const splitter = splitLines((line) => lines.push(line));
  for (const chunk of chunks) splitter.write(chunk);
  splitter.end();
  return lines;
}

test.each([
  ['a\nb\n', ['a', 'b']],
  ['a\r\n\r\nb', ['a', '', 'b']],
  ['', []],
  ['\n', ['']],
])('%j', (text, lines) => expect(linesOf([Buffer.from(text)])).toEqual(lines));

test('the borders of the chunks do not matter, also inside of a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(40)), (text, cuts) => {
      const bytes = Buffer.from(text);
      const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
      const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
      expect(linesOf(chunks)).toEqual(linesOf([bytes]));
    }),
  );
});

test('a line without an end is cut', () => {
  const lines = linesOf([Buffer.alloc(40_000, 'x')]);
  expect(lines.map((line) => line.length)).toEqual([16384, 16384, 7232]);
});
