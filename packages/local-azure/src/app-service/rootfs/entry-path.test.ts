import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEntryPath } from './entry-path.ts';

describe('the name of an entry', () => {
  test.each([
    ['usr/bin/node', { kind: 'entry', path: ['usr', 'bin', 'node'] }],
    ['./usr//bin/', { kind: 'entry', path: ['usr', 'bin'] }],
    ['/etc/passwd', { kind: 'entry', path: ['etc', 'passwd'] }],
    ['./', { kind: 'entry', path: [] }],
    ['a/..b', { kind: 'entry', path: ['a', '..b'] }],
    ['a/.wh.b', { kind: 'whiteout', path: ['a', 'b'] }],
    ['.wh.b', { kind: 'whiteout', path: ['b'] }],
    ['a/.wh.b/', { kind: 'whiteout', path: ['a', 'b'] }],
    ['a/.wh..wh..opq', { kind: 'opaque', path: ['a'] }],
    ['.wh..wh..opq', { kind: 'opaque', path: [] }],
    ['.wh..wh.plnk', { kind: 'ignored' }],
    ['a/.wh..hidden', { kind: 'whiteout', path: ['a', '.hidden'] }],
  ])('%s', (name, expected) => expect(parseEntryPath(name)).toEqual(expected));

  test.each(['..', '../etc/passwd', 'a/../../b', 'a/..', '/..', 'a/.wh.', 'a/.wh..', 'a/.wh...', 'a\0b'])(
    '%j is refused',
    (name) => expect(() => parseEntryPath(name)).toThrow('not a path inside the image'),
  );

  test('whatever it is, what comes out stays below the root', () => {
    const step = fc.oneof(fc.constantFrom('..', '.', '', '.wh.', '.wh..wh..opq', '.wh...'), fc.string());
    fc.assert(
      fc.property(
        fc.array(step).map((steps) => steps.join('/')),
        (name) => {
          let parsed: ReturnType<typeof parseEntryPath>;
          try {
            parsed = parseEntryPath(name);
          } catch (error) {
            expect((error as Error).message).toContain('not a path inside the image');
            return;
          }
          if (parsed.kind === 'ignored') return;
          for (const name of parsed.path) expect(name).not.toMatch(/^\.{0,2}$|\/|\0/);
        },
      ),
    );
  });
});
