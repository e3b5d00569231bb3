import { describe, expect, test } from 'vitest';
import { acrPull, grantOf, registryOf, repositoryReader } from '../../test/snapshots.ts';
import { includesPull, leastPullRole, permits, pullGrants, reaches } from './permissions.ts';

const registry = '/subscriptions/s/resourceGroups/blog/providers/Microsoft.ContainerRegistry/registries/hoge';

describe('permits', () => {
  const pull = 'Microsoft.ContainerRegistry/registries/pull/read';
  test.each([
    [[pull], [], true],
    [['*'], [], true],
    [['*/read'], [], true],
    [['microsoft.containerregistry/*'], [], true],
    [['*'], ['Microsoft.ContainerRegistry/*'], false],
    [['Microsoft.ContainerRegistry/registries/push/write'], [], false],
    [['Microsoft.ContainerRegistry/registries/pull/rea'], [], false],
    [[], [], false],
  ])('actions %j less %j: %s', (actions, notActions, expected) => {
    expect(permits(actions, notActions, pull)).toBe(expected);
  });
});

describe('reaches', () => {
  test.each([
    [registry, true],
    [registry.toUpperCase(), true],
    ['/subscriptions/s/resourceGroups/blog', true],
    ['/subscriptions/s', true],
    ['/', true],
    ['/providers/Microsoft.Management/managementGroups/root', true],
    ['/subscriptions/s/resourceGroups/blo', false],
    [`${registry}-2`, false],
    ['/subscriptions/s/resourceGroups/blog/providers/Microsoft.Web/sites/hoge-app', false],
  ])('%s: %s', (scope, expected) => {
    expect(reaches({ scope, listedIn: 's' }, registry)).toBe(expected);
  });
});

const abac = { roleAssignmentMode: 'AbacRepositoryPermissions' };

test('a registry in ABAC mode honours repository roles only', () => {
  expect(includesPull(acrPull, {})).toBe(true);
  expect(includesPull(acrPull, abac)).toBe(false);
  expect(includesPull(repositoryReader, abac)).toBe(true);
  expect(leastPullRole({}).name).toBe('AcrPull');
  expect(leastPullRole(abac).name).toBe('Container Registry Repository Reader');
});

test('a grant counts whose role, scope and condition all let the repository be pulled', () => {
  const only = `@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringEquals 'app'`;
  const grants = [
    grantOf({ role: repositoryReader, condition: only }),
    grantOf({ role: repositoryReader, condition: `${only} AND @Unheard[of] Equals 'x'` }),
    grantOf({ role: repositoryReader, scope: `${registry}-2` }),
    grantOf({ role: acrPull }),
  ];
  const target = registryOf(abac);
  expect(pullGrants(grants, target, 'app')).toEqual([grants[0]]);
  expect(pullGrants(grants, target, 'other')).toEqual([]);
});
