import { describe, expect, test } from 'vitest';
import { acrPullGrant } from '../../test/snapshots.ts';
import { leastPullRole, letsPull, permits, reaches } from './permissions.ts';

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
    expect(reaches(scope, registry)).toBe(expected);
  });
});

test('a registry in ABAC mode honours repository roles only', () => {
  const acrPull = acrPullGrant().role;
  const abac = { roleAssignmentMode: 'AbacRepositoryPermissions' };
  expect(letsPull(acrPull, {})).toBe(true);
  expect(letsPull(acrPull, abac)).toBe(false);
  expect(leastPullRole({}).name).toBe('AcrPull');
  expect(leastPullRole(abac).name).toBe('Container Registry Repository Reader');
});
