import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../../test/manual-clock.ts';
import { createFaults } from '../../faults/faults.ts';
import { createGrantPropagation } from '../../faults/grant-propagation.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { createAccess } from './access-control.ts';
import { ownerRole } from './built-in-roles.ts';
import { createDenyAssignments } from './deny-assignments.ts';
import { createRoleAssignments, type RoleAssignment } from './role-assignments.ts';
import { createRoleDefinitions } from './role-definitions.ts';

const group = '/subscriptions/s/resourceGroups/g';
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge`;
const principalId = '7d7dd2ad-1f52-4d3c-9d3e-d0b1e4a9a111';

let db: Database;
let clock: ManualClock;
beforeEach(() => {
  db = openDatabase(':memory:');
  clock = createManualClock();
});
afterEach(() => db.close());

/** A process over the database. */
function open(...texts: string[]) {
  const faults = createFaults(clock, texts);
  const propagation = createGrantPropagation<RoleAssignment>({ faults, clock });
  const assignments = createRoleAssignments(db, clock, propagation);
  const access = createAccess({
    db,
    roles: createRoleDefinitions(db, clock),
    denyAssignments: createDenyAssignments(db, clock),
    propagation,
  });
  const role = {
    principalId,
    principalType: 'ServicePrincipal',
    roleName: ownerRole,
    createdBy: 'me',
  } as const;
  return {
    faults,
    assign: (scope: string, name: string, description = '') =>
      assignments.put({ ...role, name, scope, description }),
    remove: assignments.delete,
    may: (scope: string) => access.allowed(principalId, 'Microsoft.Web/sites/read', scope),
  };
}

test('a role assignment is on its way also over a restart', () => {
  const text = 'role-assignment-delay,delay=20s';
  open(text).assign(group, 'one');
  clock.advance(19_999);
  const second = open(text);
  expect(second.may(group)).toBe(false);
  clock.advance(1);
  expect(second.may(group)).toBe(true);
  expect(second.faults.list()).toMatchObject([{ struck: 1 }]);
});

test('to change its description does not delay it anew', () => {
  const { assign, may } = open('role-assignment-delay,delay=20s');
  assign(group, 'one');
  clock.advance(20_000);
  assign(group, 'one', 'of the team');
  expect(may(group)).toBe(true);
});

test('one that never counted does not go on counting when it is removed', () => {
  const { assign, remove, may } = open('role-assignment-delay', 'role-removal-delay');
  assign(group, 'one');
  remove(group, 'one');
  expect(may(group)).toBe(false);
});

test('one that is removed and made again counts by the removed one meanwhile', () => {
  const { assign, remove, may, faults } = open('role-removal-delay,delay=20s');
  assign(group, 'one');
  faults.add('role-assignment-delay,delay=1m');
  remove(group, 'one');
  assign(group, 'one');
  expect(may(group)).toBe(true);
  clock.advance(20_000);
  expect(may(group)).toBe(false);
  clock.advance(40_000);
  expect(may(group)).toBe(true);
});

test('a fault is limited to the assignments at one registry, and ends when it is cleared', () => {
  const { assign, may, faults } = open('role-assignment-delay,registry=hoge');
  assign(registry, 'one');
  assign(`${group}/providers/Microsoft.ContainerRegistry/registries/other`, 'two');
  expect(may(registry)).toBe(false);
  expect(may(`${group}/providers/Microsoft.ContainerRegistry/registries/other`)).toBe(true);
  faults.clear();
  expect(may(registry)).toBe(true);
});
