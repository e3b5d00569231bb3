import { describe, expect, test } from 'vitest';
import { denied, registryId } from '../../test/snapshots.ts';
import { type DenyAssignment, known } from '../pull-path/snapshot.ts';
import { judgeNeed, requireRights, type ScopeRights } from './rights.ts';
import type { Need } from './writes/write.ts';

const action = 'Microsoft.Authorization/roleAssignments/write';
const need: Need = { action, scope: registryId, operation: 'write' };
const owner: ScopeRights = {
  permissions: known([{ actions: ['*'], notActions: [] }]),
  locks: known([]),
  denials: known([]),
};
const lock = (level: 'ReadOnly' | 'CanNotDelete') => known([{ id: '/locks/keep', level }]);
const denial = (changes: Partial<DenyAssignment> = {}): DenyAssignment => ({
  id: '/denials/1',
  name: 'keep',
  scope: registryId,
  doNotApplyToChildScopes: false,
  principals: ['00000000-0000-0000-0000-000000000000'],
  excludePrincipals: [],
  permissions: [
    { actions: ['Microsoft.Authorization/*'], notActions: [], dataActions: [], notDataActions: [] },
  ],
  ...changes,
});
const judge = (changes: Partial<ScopeRights>, wanted = need, ids = ['me']) =>
  judgeNeed(wanted, { ids, scopes: { [registryId.toLowerCase()]: { ...owner, ...changes } } });

describe('a right', () => {
  const contributor = { actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] };
  const conditional = { actions: ['*'], notActions: [], condition: 'only AcrPull' };

  test.each<[string, Partial<ScopeRights>, string]>([
    ['of an owner', {}, 'yes'],
    ['that notActions take away', { permissions: known([contributor]) }, 'no'],
    [
      'that another role gives back',
      { permissions: known([contributor, { actions: [action], notActions: [] }]) },
      'yes',
    ],
    ['under a condition', { permissions: known([conditional]) }, 'under-condition'],
    [
      'under a condition, and without one',
      { permissions: known([conditional, { actions: ['*'], notActions: [] }]) },
      'yes',
    ],
    ['that cannot be told', { permissions: denied('Microsoft.Authorization/permissions/read') }, 'unknown'],
    ['where locks cannot be told', { locks: denied('Microsoft.Authorization/locks/read') }, 'unknown'],
    ['at a read-only scope', { locks: lock('ReadOnly') }, 'no'],
    ['at a scope that is kept from deletion', { locks: lock('CanNotDelete') }, 'yes'],
    ['that everybody is denied', { denials: known([denial()]) }, 'no'],
    ['that everybody else is denied', { denials: known([denial({ excludePrincipals: ['ME'] })]) }, 'yes'],
    ['that somebody else is denied', { denials: known([denial({ principals: ['other'] })]) }, 'yes'],
    ['that a group of the caller is denied', { denials: known([denial({ principals: ['me'] })]) }, 'no'],
  ])('%s', (_, changes, holds) => expect(judge(changes).holds).toBe(holds));

  test('to delete is kept by either lock', () => {
    const wanted: Need = {
      ...need,
      action: 'Microsoft.Authorization/roleAssignments/delete',
      operation: 'delete',
    };
    expect(judge({ locks: lock('CanNotDelete') }, wanted)).toMatchObject({
      holds: 'no',
      says: expect.stringContaining('/locks/keep'),
    });
  });
});

test('a plan that would stop half way is refused before it begins: which action, where, and who can', () => {
  const missing = judge({ permissions: known([]) });
  expect(() => requireRights([judge({}), missing])).toThrow(action);
  expect(() => requireRights([missing])).toThrow('Role Based Access Control Administrator');
  expect(() => requireRights([judge({}), judge({ permissions: denied('x') })])).not.toThrow();
});
