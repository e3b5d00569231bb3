import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maxLineLength, splitLines } from './split-lines.ts';

async function split(...chunks: string[]): Promise<[number, string][]> {
  const lines: [number, string][] = [];
  for await (const { number, text } of splitLines(Readable.from(chunks))) lines.push([number, text]);
  return lines;
}
const stamp = '2026-01-01T10:00:00Z';

test.each<[string, string, [number, string][]]>([
  [
    'line feeds',
    'a\nb\n',
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ],
  [
    'no line feed at the end',
    'a\nb',
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ],
  [
    'as Windows ends them',
    'a\r\n\r\nb\r\n',
    [
      [1, 'a'],
      [2, ''],
      [3, 'b'],
    ],
  ],
  [
    'a progress bar is one line of the file',
    '1%\r2%\nb',
    [
      [1, '1%'],
      [1, '2%'],
      [2, 'b'],
    ],
  ],
  [
    'a text in a JSON string',
    `"${stamp} a\\n${stamp} b\\\\r\\\\n${stamp} c \\n"`,
    [
      [1, `"${stamp} a`],
      [1, `${stamp} b`],
      [1, `${stamp} c \\n"`],
    ],
  ],
  [
    'UTF-16',
    '\ufffd\ufffda\0\r\0\n\0b\0',
    [
      [1, '\ufffd\ufffda'],
      [2, 'b'],
    ],
  ],
])('%s', async (_, text, lines) => expect(await split(text)).toEqual(lines));

test('lines do not depend on the pieces in which they come', async () => {
  const text = fc.array(fc.constantFrom('a', '\n', '\r', '\r\n', '\\n', '\\r\\n', stamp, '\0', '\\'));
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(40)), async (parts, cuts) => {
      const whole = parts.join('');
      const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
      const chunks = at.slice(1).map((end, index) => whole.slice(at[index], end));
      expect(await split(...chunks)).toEqual(await split(whole));
    }),
  );
});

test('a line that is too long is cut, and the next one is whole', async () => {
  const piece = 'x'.repeat(1000);
  const pieces = Array.from({ length: 100 }, () => piece);
  const lines = await split(...pieces, '\n', 'b\n');
  expect(lines.map(([number, text]) => [number, text.length])).toEqual([
    [1, maxLineLength],
    [2, 1],
  ]);
});
