import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Grant, isAllowed, type Permission, type Plane } from './rbac.ts';
import { parseCondition } from './role-condition.ts';

const permission = (given: Partial<Permission>): Permission => ({
  actions: [],
  notActions: [],
  dataActions: [],
  notDataActions: [],
  ...given,
});
const grant = (scope: string, given: Partial<Permission>): Grant => ({
  scope,
  permissions: [permission(given)],
});

describe('isAllowed', () => {
  const registry = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/hoge';
  const pull = 'Microsoft.ContainerRegistry/registries/pull/read';

  test.each<[string, boolean, Grant, string, string]>([
    ['the exact action at the scope', true, grant(registry, { actions: [pull] }), pull, registry],
    ['another case', true, grant(registry.toUpperCase(), { actions: [pull] }), pull.toLowerCase(), registry],
    [
      'inherited from the group',
      true,
      grant('/subscriptions/s/resourceGroups/g', { actions: [pull] }),
      pull,
      registry,
    ],
    ['inherited from the tenant', true, grant('/', { actions: ['*'] }), pull, registry],
    ['not upwards', false, grant(registry, { actions: ['*'] }), pull, '/subscriptions/s/resourceGroups/g'],
    [
      'not a neighbour whose name begins alike',
      false,
      grant(registry, { actions: ['*'] }),
      pull,
      `${registry}2`,
    ],
    ['a wildcard spans slashes', true, grant(registry, { actions: ['*/read'] }), pull, registry],
    ['a wildcard in the middle', true, grant('/', { actions: ['Microsoft.*/pull/read'] }), pull, registry],
    [
      'a wildcard between slashes may be nothing',
      true,
      grant('/', { actions: ['Microsoft.ContainerRegistry/*/registries/*/pull/read'] }),
      pull,
      registry,
    ],
    ['a wildcard is not a prefix', false, grant('/', { actions: ['*/write'] }), pull, registry],
    ['a dot is a dot', false, grant('/', { actions: ['MicrosoftXContainerRegistry/*'] }), pull, registry],
    [
      'less what notActions names',
      false,
      grant('/', { actions: ['*'], notActions: ['*/Read'] }),
      pull,
      registry,
    ],
    ['a data action is no action', false, grant('/', { dataActions: ['*'] }), pull, registry],
  ])('%s', (_name, expected, held, action, scope) => {
    expect(isAllowed([held], 'control', action, scope)).toBe(expected);
  });

  test('what one grant leaves out, another may give', () => {
    const contributor = grant('/', { actions: ['*'], notActions: [pull] });
    expect(isAllowed([contributor, grant(registry, { actions: [pull] })], 'control', pull, registry)).toBe(
      true,
    );
  });

  test('a grant with a condition counts when it holds, and not without what it asks for', () => {
    const contentRead = 'Microsoft.ContainerRegistry/registries/repositories/content/read';
    const metadataRead = 'Microsoft.ContainerRegistry/registries/repositories/metadata/read';
    const conditional: Grant = {
      ...grant(registry, { dataActions: [contentRead, metadataRead] }),
      condition: parseCondition(
        `!(ActionMatches{'${contentRead}'}) OR ` +
          "@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringEquals 'team/app'",
      ),
    };
    const allows = (action: string, repositoryName?: string) =>
      isAllowed([conditional], 'data', action, registry, repositoryName ? { repositoryName } : {});
    expect(allows(contentRead, 'team/app')).toBe(true);
    expect(allows(contentRead, 'team/other')).toBe(false);
    expect(allows(contentRead)).toBe(false);
    expect(allows(metadataRead)).toBe(true);
    expect(allows('Microsoft.ContainerRegistry/registries/catalog/read')).toBe(false);
  });

  test('agrees with a naive evaluation', () => {
    const word = fc.constantFrom('a', 'b', 'A', 'read', 'write');
    const action = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('/'));
    const pattern = fc
      .array(fc.oneof(word, fc.constant('*')), { minLength: 1, maxLength: 4 })
      .map((words) => words.join('/'));
    const patterns = fc.array(pattern, { maxLength: 3 });
    const scope = fc.array(word, { maxLength: 4 }).map((words) => `/${words.join('/')}`);
    const anyGrant = fc.record({
      scope,
      permissions: fc.array(
        fc.record({
          actions: patterns,
          notActions: patterns,
          dataActions: patterns,
          notDataActions: patterns,
        }),
        { maxLength: 2 },
      ),
    });
    const plane = fc.constantFrom<Plane>('control', 'data');
    fc.assert(
      fc.property(fc.array(anyGrant, { maxLength: 3 }), plane, action, scope, (grants, on, act, at) => {
        expect(isAllowed(grants, on, act, at)).toBe(naivelyAllowed(grants, on, act, at));
      }),
      { numRuns: 2000 },
    );
  });
});

/** Character by character and segment by segment, with no regular expression and no prefix trick. */
function naivelyAllowed(grants: Grant[], plane: Plane, action: string, scope: string): boolean {
  for (const { scope: held, permissions } of grants) {
    if (!covers(segments(held), segments(scope))) continue;
    for (const one of permissions) {
      const granted = plane === 'control' ? one.actions : one.dataActions;
      const removed = plane === 'control' ? one.notActions : one.notDataActions;
      const some = (list: readonly string[]) =>
        list.some((pattern) => glob(pattern.toLowerCase(), action.toLowerCase()));
      if (some(granted) && !some(removed)) return true;
    }
  }
  return false;
}

const segments = (scope: string) => scope.toLowerCase().split('/').filter(Boolean);
const covers = (above: string[], below: string[]) => above.every((segment, i) => below[i] === segment);

function glob(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern.startsWith('/*/') && glob(pattern.slice(2), text)) return true;
  if (pattern[0] === '*')
    return glob(pattern.slice(1), text) || (text !== '' && glob(pattern, text.slice(1)));
  return pattern[0] === text[0] && glob(pattern.slice(1), text.slice(1));
}
