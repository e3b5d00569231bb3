import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as library from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'example-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The lines below `@example`, as a function of what they import and of the console. */
async function exampleOf(file: string): Promise<(load: unknown, console: unknown) => Promise<void>> {
  const source = await readFile(fileURLToPath(new URL(file, import.meta.url)), 'utf8');
  const [, comment = ''] = /@example\n([\s\S]*?)\*\//.exec(source) ?? [];
  const code = comment
    .replaceAll(/^ \* ?/gm, '')
    .replaceAll(/^import (\{.*\}) from ('.*');$/gm, 'const $1 = await load($2);')
    .replace("'./azure'", JSON.stringify(join(folder, 'azure')));
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  return AsyncFunction('load', 'console', code) as never;
}

test('the example of the documentation runs', async () => {
  const printed: unknown[] = [];
  const run = await exampleOf('./local-azure.ts');
  await run((name: string) => (name === 'local-azure' ? library : import(name)), {
    log: (text: unknown) => printed.push(text),
  });
  expect(printed).toEqual([true]);
});

test('the library is small', () => {
  expect(Object.keys(library).sort()).toEqual(['UserError', 'startLocalAzure', 'systemClock']);
});
