import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('..', import.meta.url));

const importsOf = (folder: string) =>
  readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(source, folder, file), 'utf8');
      const imports = text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
      return [...imports].map((match) => ({ file, imported: match[1]! }));
    });

test('the tool never imports the local Azure: it speaks HTTPS to it', () => {
  const crossing = importsOf('.').filter(({ imported }) => /local-azure(?!-command)/.test(imported));
  expect(crossing).toEqual([]);
});

test('checks do no I/O: they import no SDK, no module of Node and nothing of azure/', () => {
  const impure = importsOf('checks').filter(
    ({ file, imported }) => !file.endsWith('.test.ts') && /^node:|^@azure|\/azure\//.test(imported),
  );
  expect(impure).toEqual([]);
});

test('the SDKs are known in azure/ only', () => {
  const elsewhere = importsOf('.').filter(
    ({ file, imported }) => imported.startsWith('@azure/') && !file.startsWith('azure/'),
  );
  expect(elsewhere).toEqual([]);
});
