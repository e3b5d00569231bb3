import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { naivelyAllowed, type Question, type World } from '../../test/naive-access.ts';
import { type Denial, decide, everyone, type Grant, type Permission, type Plane } from './rbac.ts';
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

const allows = (grants: Grant[], plane: Plane, action: string, scope: string, repositoryName?: string) =>
  decide(
    { ids: ['me'], grants, denials: [] },
    { plane, action, scope, ...(repositoryName ? { attributes: { repositoryName } } : {}) },
  ) === 'allowed';

const rootGroup = '/providers/Microsoft.Management/managementGroups/root';

describe('grants allow', () => {
  const registry = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/hoge';
  const pull = 'Microsoft.ContainerRegistry/registries/pull/read';
  const app = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/app';
  const restart = 'Microsoft.Web/sites/slots/restart/Action';

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
    ['inherited from the management group', true, grant(rootGroup, { actions: ['*'] }), pull, registry],
    ['not from the management group to the tenant', false, grant(rootGroup, { actions: ['*'] }), pull, '/'],
    ['of an app to its slot', true, grant(app, { actions: ['*'] }), restart, `${app}/slots/staging`],
    ['not of a slot to its app', false, grant(`${app}/slots/staging`, { actions: ['*'] }), restart, app],
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
    expect(allows([held], 'control', action, scope)).toBe(expected);
  });

  test('what one grant leaves out, another may give', () => {
    const contributor = grant('/', { actions: ['*'], notActions: [pull] });
    expect(allows([contributor, grant(registry, { actions: [pull] })], 'control', pull, registry)).toBe(true);
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
    const allowed = (action: string, repositoryName?: string) =>
      allows([conditional], 'data', action, registry, repositoryName);
    expect(allowed(contentRead, 'team/app')).toBe(true);
    expect(allowed(contentRead, 'team/other')).toBe(false);
    expect(allowed(contentRead)).toBe(false);
    expect(allowed(metadataRead)).toBe(true);
    expect(allowed('Microsoft.ContainerRegistry/registries/catalog/read')).toBe(false);
  });
});

describe('a denial', () => {
  const group = '/subscriptions/s/resourceGroups/g';
  const denial = (given: Partial<Denial>): Denial => ({
    id: `${group}/providers/Microsoft.Authorization/denyAssignments/d`,
    denyAssignmentName: 'nobody',
    scope: group,
    doNotApplyToChildScopes: false,
    permissions: [permission({ actions: ['*/delete'] })],
    principals: [{ id: everyone }],
    excludePrincipals: [],
    ...given,
  });
  const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge`;
  const remove = { plane: 'control', action: 'Microsoft.ContainerRegistry/registries/delete' } as const;

  test.each<[string, boolean, Partial<Denial>, string]>([
    ['of everyone wins over any grant', true, {}, registry],
    ['of me', true, { principals: [{ id: 'ME' }] }, registry],
    ['of a group that I am in', true, { principals: [{ id: 'team' }] }, registry],
    ['of somebody else is no matter of mine', false, { principals: [{ id: 'you' }] }, registry],
    ['of everyone but me', false, { excludePrincipals: [{ id: 'me' }] }, registry],
    ['of everyone but a group that I am in', false, { excludePrincipals: [{ id: 'team' }] }, registry],
    ['of what I ask for not', false, { permissions: [permission({ actions: ['*/write'] })] }, registry],
    [
      'but for this action',
      false,
      { permissions: [permission({ actions: ['*'], notActions: [remove.action] })] },
      registry,
    ],
    ['of data actions alone', false, { permissions: [permission({ dataActions: ['*'] })] }, registry],
    ['elsewhere', false, { scope: `${group}2` }, registry],
    ['of its own scope alone, below it', false, { doNotApplyToChildScopes: true }, registry],
    ['of its own scope alone, there', true, { doNotApplyToChildScopes: true }, group],
    ['from the management group', true, { scope: rootGroup }, registry],
  ])('%s: denied %s', (_name, expected, given, scope) => {
    const standing = {
      ids: ['me', 'team'],
      grants: [grant('/', { actions: ['*'] })],
      denials: [denial(given)],
    };
    const decision = decide(standing, { ...remove, scope });
    expect(decision).toEqual(expected ? { deniedBy: standing.denials[0] } : 'allowed');
  });

  test('is not what refuses somebody without a grant', () => {
    const standing = { ids: ['me'], grants: [], denials: [denial({})] };
    expect(decide(standing, { ...remove, scope: registry })).toBe('notGranted');
  });
});

test('decisions agree with a naive implementation', () => {
  const word = fc.constantFrom('a', 'b', 'A', 'read', 'write');
  const action = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('/'));
  const pattern = fc
    .array(fc.oneof(word, fc.constant('*')), { minLength: 1, maxLength: 4 })
    .map((words) => words.join('/'));
  const patterns = fc.array(pattern, { maxLength: 3 });
  const permissions = fc.array(
    fc.record({ actions: patterns, notActions: patterns, dataActions: patterns, notDataActions: patterns }),
    { maxLength: 2 },
  );
  const scope = fc.oneof(
    fc.constantFrom('/', rootGroup, rootGroup.toUpperCase()),
    fc.array(word, { maxLength: 3 }).map((words) => ['/subscriptions/s', ...words].join('/')),
  );
  const id = fc.constantFrom('me', 'you', 'team', 'all');
  const principals = fc.array(fc.record({ id: fc.oneof(id, fc.constant(everyone)) }), { maxLength: 2 });
  const world: fc.Arbitrary<World> = fc.record({
    assignments: fc.array(
      fc.record(
        { principalId: id, scope, permissions, onlyRepositories: fc.constantFrom('team/', 'x') },
        { requiredKeys: ['principalId', 'scope', 'permissions'] },
      ),
      { maxLength: 4 },
    ),
    denyAssignments: fc.array(
      fc.record({
        scope,
        doNotApplyToChildScopes: fc.boolean(),
        permissions,
        principals,
        excludePrincipals: principals,
      }),
      { maxLength: 2 },
    ),
    members: fc.constantFrom({}, { team: ['me'] }, { team: ['me'], all: ['me', 'you'] }),
  });
  const question: fc.Arbitrary<Question> = fc.record(
    {
      principalId: fc.constantFrom('me', 'you'),
      plane: fc.constantFrom<Plane>('control', 'data'),
      action,
      scope,
      repositoryName: fc.constantFrom('team/app', 'x'),
    },
    { requiredKeys: ['principalId', 'plane', 'action', 'scope'] },
  );
  fc.assert(
    fc.property(world, question, (given, asked) => {
      expect(decide(standingOf(given, asked.principalId), requestOf(asked)) === 'allowed').toBe(
        naivelyAllowed(given, asked),
      );
    }),
    { numRuns: 5000 },
  );
});

/** What the store gives for a principal. */
function standingOf({ assignments, denyAssignments, members }: World, principalId: string) {
  const groups = Object.keys(members).filter((group) => members[group]!.includes(principalId));
  const ids = [principalId, ...groups];
  const grants = assignments
    .filter((assignment) => ids.includes(assignment.principalId))
    .map(({ scope, permissions, onlyRepositories }) => ({
      scope,
      permissions,
      ...(onlyRepositories
        ? { condition: parseCondition(`${repositoryName} StringStartsWith '${onlyRepositories}'`) }
        : {}),
    }));
  const denials = denyAssignments.map((one) => ({ ...one, id: 'd', denyAssignmentName: 'd' }));
  return { ids, grants, denials };
}

const repositoryName = '@Request[Microsoft.ContainerRegistry/registries/repositories:name]';

const requestOf = ({ plane, action, scope, repositoryName }: Question) => ({
  plane,
  action,
  scope,
  ...(repositoryName === undefined ? {} : { attributes: { repositoryName } }),
});
