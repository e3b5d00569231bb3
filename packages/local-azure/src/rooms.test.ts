import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What the whole house stands on. */
const ground = [
  'basic-auth.ts',
  'client.ts',
  'clock.ts',
  'expected-error.ts',
  'guid.ts',
  'html-page.ts',
  'http-handler.ts',
  'ipv4-ranges.ts',
  'read-body.ts',
  'secret.ts',
  'user-error.ts',
];

/** What each room may import, besides itself and the ground: rooms, or single files of a room. */
const allowed: Record<string, string[]> = {
  store: [],
  faults: ['store'],
  entra: ['store'],
  'resource-manager': ['store', 'entra'],
  registry: ['store', 'entra', 'resource-manager/access.ts'],
  'app-service': ['store', 'entra', 'resource-manager/access.ts'],
  front: ['store'],
  'providers/authorization': ['store', 'entra', 'resource-manager', 'faults/grant-propagation.ts'],
  'providers/container-registry': [
    'store',
    'entra',
    'resource-manager',
    'registry/import-order.ts',
    'registry/names.ts',
    'registry/registry-events.ts',
    'registry/registry-facts.ts',
    'registry/scope-map.ts',
  ],
  'providers/managed-identity': ['store', 'entra', 'resource-manager'],
  'providers/management': ['store', 'entra', 'resource-manager'],
  'providers/resources': ['store', 'entra', 'resource-manager'],
  'providers/web': ['store', 'entra', 'resource-manager', 'app-service/site.ts'],
  cli: ['store', 'faults', 'credentials.ts', 'instance.ts', 'local-azure.ts', 'settings.ts'],
};

/** Files that compose the rooms, and stand above all but the command line. */
const roof = [
  'azure.ts',
  'credentials.ts',
  'index.ts',
  'instance.ts',
  'local-azure.ts',
  'log-fault.ts',
  'owner.ts',
  'settings.ts',
];

const source = import.meta.dirname;
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));

interface Import {
  /** A file below `src`, or a package. */
  target: string;
  isLazy: boolean;
  isType: boolean;
}

function importsOf(file: string): Import[] {
  const code = readFileSync(join(source, file), 'utf8');
  const found = code.matchAll(
    /^(?:import|export)\b(?<type> type\b)?[^;'"]*?'(?<fixed>[^']+)';|\bimport\('(?<lazy>[^']+)'\)/gm,
  );
  return [...found].map(({ groups }) => {
    const name = (groups!.fixed ?? groups!.lazy)!;
    const target = name.startsWith('.') ? relative(source, join(source, dirname(file), name)) : name;
    return {
      target: target.replaceAll('\\', '/'),
      isLazy: groups!.lazy !== undefined,
      isType: groups!.type !== undefined,
    };
  });
}

const roomOf = (file: string) => Object.keys(allowed).find((room) => file.startsWith(`${room}/`)) ?? file;

test('every file is in a room, of the ground, or of the roof', () => {
  const loose = files.filter((file) => roomOf(file) === file);
  expect(loose.sort()).toEqual([...ground, ...roof].sort());
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

/** What runs on one platform only, or takes long to load, waits until it is needed. */
const lazyPackages = ['koffi', 'dockerode', '@peculiar/x509', 'reflect-metadata'];

test.each(['index.ts', 'cli/main.ts'])('%s loads on every platform: no engine comes along', (entry) => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    if (!files.includes(file)) return;
    for (const { target, isLazy, isType } of importsOf(file)) if (!isLazy && !isType) visit(target);
  };
  visit(entry);
  expect(seen.size).toBeGreaterThan(3);
  expect(lazyPackages.filter((name) => seen.has(name))).toEqual([]);
});
