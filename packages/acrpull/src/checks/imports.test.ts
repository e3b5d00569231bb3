import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

test('the causes load without any package: `acrpull explain` has to answer at once', () => {
  const loaded = new Set<string>();
  const packages = new Set<string>();
  const load = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    const text = readFileSync(join(source, file), 'utf8');
    for (const [, imported = ''] of text.matchAll(/^(?:import|export)(?! type\b)[^;]*? from '([^']+)';/gms)) {
      if (imported.startsWith('.')) load(join(dirname(file), imported));
      else if (!imported.startsWith('node:')) packages.add(imported);
    }
  };
  load('checks/index.ts');
  expect(loaded.size).toBeGreaterThan(50);
  expect([...packages]).toEqual([]);
});

test('the SDKs are known in azure/ only', () => {
  const elsewhere = importsOf('.').filter(
    ({ file, imported }) => imported.startsWith('@azure/') && !file.startsWith('azure/'),
  );
  expect(elsewhere).toEqual([]);
});
