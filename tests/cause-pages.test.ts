import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { causes } from '../packages/acrpull/src/checks/index.ts';
import { causePage, causesIndex } from './cause-page.ts';

// `npm run docs:causes` writes them anew.

const pages = new URL('../docs/causes/', import.meta.url);
const tests = new URL('./causes/', import.meta.url);

/** The file in which a cause is made over the real wire: by itself, or else beside another one. */
function wireTestOf(id: string): string | undefined {
  const files = readdirSync(tests).filter((file) => file.endsWith('.test.ts'));
  const fileWith = (pattern: RegExp) =>
    files.find((it) => pattern.test(readFileSync(new URL(it, tests), 'utf8')));
  const [itsTest, itsRow, mention] = [`'${id}: `, `id: '${id}'`, `\\b${id}\\b`].map((it) => new RegExp(it));
  const file = fileWith(itsTest!) ?? fileWith(itsRow!) ?? fileWith(mention!);
  return file && `tests/causes/${file}`;
}

test('every cause has its page, and every page its cause', () => {
  const expected = [...causes.map(({ id }) => `${id}.md`), 'README.md'];
  expect(readdirSync(pages).sort()).toEqual(expected.sort());
});

test('the index is what the checks say', async () => {
  await expect(causesIndex(causes)).toMatchFileSnapshot(new URL('README.md', pages).pathname);
});

test.each(causes)('the page of $id is what the check says', async (cause) => {
  const page = causePage(cause, wireTestOf(cause.id));
  await expect(page).toMatchFileSnapshot(new URL(`${cause.id}.md`, pages).pathname);
});
