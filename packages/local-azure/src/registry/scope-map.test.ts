import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseScopeMapAction, scopeMapRights } from './scope-map.ts';

test.each([
  ['repositories/app/content/read', 'app', 'content/read'],
  ['repositories/team/app/content/delete', 'team/app', 'content/delete'],
  ['repositories/team/*/metadata/write', 'team/*', 'metadata/write'],
  ['repositories/*/metadata/read', '*', 'metadata/read'],
  ['repositories/content/read/content/write', 'content/read', 'content/write'],
])('%s', (text, repository, action) => {
  expect(parseScopeMapAction(text)).toEqual({ repository, action });
});

test.each([
  'repositories/team/*/app/content/read',
  'repositories/team*/content/read',
  'repositories/team/*/*/content/read',
  'repositories/*/team/*/content/read',
  'repositories//content/read',
  'repositories//*/content/read',
  'repositories/Team/content/read',
  'repositories/team/metadata/delete',
  'repositories/team/content/*',
  'repositories/team',
  'content/read',
  'gateway/app/config/read',
  '',
])('%s is no action of a scope map', (text) => {
  expect(parseScopeMapAction(text)).toBeUndefined();
});

test('wildcards add up', () => {
  const rights = scopeMapRights([
    'repositories/sample/*/content/read',
    'repositories/sample/team-a/*/content/write',
    'repositories/sample/team-a/project-b/content/delete',
  ]);
  const may = (name: string) =>
    rights({ type: 'repository', name, actions: ['pull', 'push', 'delete', 'metadata_read'] }).actions;
  expect(may('sample/team-a/project-b')).toEqual(['pull', 'push', 'delete']);
  expect(may('sample/team-a/project-c')).toEqual(['pull', 'push']);
  expect(may('sample/other')).toEqual(['pull']);
  expect(may('sample')).toEqual([]);
  expect(may('samples/other')).toEqual([]);
  expect(rights({ type: 'registry', name: 'catalog', actions: ['*'] }).actions).toEqual([]);
});

test('an action gives its repositories and no other, and no text is too much', () => {
  const name = fc
    .array(fc.constantFrom('a', 'b', 'ab', 'content', 'read'), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join('/'));
  const repository = fc.oneof(
    name,
    name.map((one) => `${one}/*`),
    fc.constant('*'),
  );
  fc.assert(
    fc.property(repository, name, fc.string(), (granted, wanted, text) => {
      const rights = scopeMapRights([`repositories/${granted}/content/read`, text]);
      const parts = granted.split('/');
      const isBelow = parts.slice(0, -1).every((part, i) => wanted.split('/')[i] === part);
      const expected =
        granted === wanted || (parts.at(-1) === '*' && isBelow && wanted.split('/').length >= parts.length);
      const { actions } = rights({ type: 'repository', name: wanted, actions: ['pull'] });
      expect(actions).toEqual(expected ? ['pull'] : []);
    }),
    { numRuns: 1000 },
  );
});
