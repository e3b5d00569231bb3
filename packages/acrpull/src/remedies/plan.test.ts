import { describe, expect, test } from 'vitest';
import {
  acrPull,
  type Changes,
  grantOf,
  identityOf,
  registryId,
  repositoryReader,
  snapshotOf,
} from '../../test/snapshots.ts';
import { diagnose } from '../checks/diagnose.ts';
import { known } from '../pull-path/snapshot.ts';
import { assignmentName } from './grant-pull.ts';
import { planSite } from './plan.ts';
import { requireRights } from './rights.ts';

const flagOff = { config: { acrUseManagedIdentityCreds: false } };
const bare: Changes = { site: { ...flagOff, identity: identityOf() } };
const elsewhere = '/subscriptions/s/resourceGroups/other';
const planOf = (changes: Changes) => planSite(diagnose(snapshotOf(changes))[0]!);

describe('the plan', () => {
  test.each<[string, Changes, string[]]>([
    ['nothing for a healthy site', {}, []],
    ['all three, the role before the flag', bare, ['assign-identity', 'grant-pull', 'set-flag']],
    ['the grant only', { grants: [] }, ['grant-pull']],
    ['the grant, also when it stands elsewhere', { grants: [grantOf({ scope: elsewhere })] }, ['grant-pull']],
    ['the flag only', { site: flagOff }, ['set-flag']],
    ['nothing that a person must decide', { manifest: known(null) }, []],
  ])('%s', (_, changes, remedies) => {
    expect(planOf(changes).steps.map(({ remedy }) => remedy.id)).toEqual(remedies);
  });

  test('grants at the registry and no wider', () => {
    const grant = planOf(bare).steps.find(({ remedy }) => remedy.id === 'grant-pull');
    expect(grant?.change).toMatchObject({ target: registryId, to: expect.stringContaining('AcrPull') });
  });

  test('grants the role that the registry honours', () => {
    const registry = { roleAssignmentMode: 'AbacRepositoryPermissions' };
    const { steps } = planOf({ registry, grants: [grantOf({ role: acrPull })] });
    expect(steps.map(({ change }) => change.to)).toEqual([expect.stringContaining(repositoryReader.name)]);
  });

  test('leaves to the user what only a person can mend, and says so', () => {
    expect(planOf({ manifest: known(null) }).left.map(({ check }) => check.id)).toEqual(['E1']);
  });
});

test('a plan that would stop half way for want of a right is refused before it begins', () => {
  const callerPermissions = known([{ actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] }]);
  expect(() => requireRights([planOf({ grants: [], registry: { callerPermissions } })])).toThrow(
    'Microsoft.Authorization/roleAssignments/write',
  );
  expect(() => requireRights([planOf({ grants: [] })])).not.toThrow();
});

test('the same grant has the same name, whatever the case, and another principal another', () => {
  const name = assignmentName(registryId, 'p', 'r');
  expect(name).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(assignmentName(registryId.toUpperCase(), 'P', 'R')).toBe(name);
  expect(assignmentName(registryId, 'q', 'r')).not.toBe(name);
});
