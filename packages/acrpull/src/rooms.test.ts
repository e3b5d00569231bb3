import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What the whole house stands on. */
const ground = ['clock.ts', 'failure.ts', 'shell-word.ts', 'state-folder.ts', 'version.ts'];

const terminal = ['report/progress.ts', 'report/style.ts'];

/** What each room may import, besides itself and the ground: rooms, or single files of a room. */
const allowed: Record<string, string[]> = {
  azure: ['pull-path/image-reference.ts', 'pull-path/snapshot.ts'],
  'pull-path': ['azure'],
  checks: ['pull-path', 'remedies'],
  verify: ['azure', 'pull-path', 'checks', ...terminal],
  remedies: [
    ...['azure', 'pull-path', ...terminal],
    ...['checks/diagnose.ts', 'checks/flag/flag-facts.ts'],
    ...['verify/proof.ts', 'verify/verify-all.ts', 'verify/verify-site.ts'],
  ],
  explain: ['pull-path', 'checks', 'verify/attempt.ts', 'verify/log-lines.ts', 'verify/outcome.ts'],
  report: ['azure/resource-id.ts', 'pull-path', 'checks', 'remedies', 'verify', 'explain'],
  survey: ['azure', 'pull-path', 'checks', 'report'],
  demo: ['azure', 'verify/log-lines.ts', ...terminal],
  cli: ['azure', 'pull-path', 'checks', 'remedies', 'verify', 'explain', 'report', 'survey', 'demo'],
};

const source = import.meta.dirname;
const withTests = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'));
const files = withTests.filter((file) => !file.endsWith('.test.ts'));

interface Import {
  /** A file below `src`, or a package. */
  target: string;
  isType: boolean;
}

function importsOf(file: string): Import[] {
  const code = readFileSync(join(source, file), 'utf8');
  const found = code.matchAll(
    /^(?:import|export)(?<type> type\b)?(?:[^;'"]*? from)? '(?<fixed>[^']+)';|\bimport\('(?<lazy>[^']+)'\)/gm,
  );
  return [...found].map(({ groups }) => {
    const name = (groups!.fixed ?? groups!.lazy)!;
    const target = name.startsWith('.') ? relative(source, join(source, dirname(file), name)) : name;
    return { target: target.replaceAll('\\', '/'), isType: groups!.type !== undefined };
  });
}

const roomOf = (file: string) => Object.keys(allowed).find((room) => file.startsWith(`${room}/`)) ?? file;

test('every file is in a room, of the ground, or the library', () => {
  const loose = files.filter((file) => roomOf(file) === file);
  expect(loose.sort()).toEqual([...ground, 'index.ts'].sort());
});

describe('nothing imports upward', () => {
  const ways = [...Object.entries(allowed), ...ground.map((file) => [file, []] as const)];
  test.each(ways)('from %s', (room, below) => {
    const others = files
      .filter((file) => roomOf(file) === room)
      .flatMap((file) => importsOf(file).map(({ target }) => ({ file, target })))
      .filter(({ target }) => files.includes(target) && roomOf(target) !== room && !ground.includes(target));
    const upward = others.filter(
      ({ target }) => !below.some((way) => target === way || roomOf(target) === way),
    );
    expect(upward).toEqual([]);
  });
});

const importing = (isMeant: (imported: string, file: string) => boolean) =>
  withTests.flatMap((file) =>
    importsOf(file).flatMap(({ target }) => (isMeant(target, file) ? [`${file} imports ${target}`] : [])),
  );

test('the tool never imports the local Azure: it speaks HTTPS to it', () => {
  expect(importing((imported) => /local-azure(?!-command)/.test(imported))).toEqual([]);
});

test('the SDKs are known in azure/ only', () => {
  const elsewhere = importing(
    (imported, file) => imported.startsWith('@azure/') && !file.startsWith('azure/'),
  );
  expect(elsewhere).toEqual([]);
});

test('checks do no I/O: they import no module of Node and no package', () => {
  const impure = importing(
    (imported, file) => file.startsWith('checks/') && files.includes(file) && !files.includes(imported),
  );
  expect(impure).toEqual([]);
});

test('the causes load without any package: `acrpull explain` has to answer at once', () => {
  const loaded = new Set<string>();
  const visit = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    if (!files.includes(file)) return;
    for (const { target, isType } of importsOf(file)) if (!isType) visit(target);
  };
  visit('checks/index.ts');
  expect(loaded.size).toBeGreaterThan(50);
  expect([...loaded].filter((file) => !files.includes(file) && !file.startsWith('node:'))).toEqual([]);
});
