import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '../../../test/manual-clock.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import type { Principal } from '../entra.ts';
import { createMemberships, type Memberships } from './memberships.ts';

const hour = 60 * 60 * 1000;
const clock = createManualClock();
let db: Database;
let memberships: Memberships;

beforeEach(() => {
  db = openDatabase(':memory:');
  memberships = createMemberships(db, clock);
});
afterEach(() => db.close());

test('are direct or through other groups, which may contain each other', () => {
  memberships.add('inner', 'me');
  memberships.add('outer', 'inner');
  memberships.add('inner', 'outer');
  memberships.add('other', 'you');
  expect(memberships.groupsOf('me')).toEqual(['inner', 'outer']);
  expect(memberships.members('inner')).toEqual(['me', 'outer']);
  expect(memberships.add('inner', 'me')).toBe(false);
  expect(memberships.remove('inner', 'me')).toBe(true);
  expect(memberships.remove('inner', 'me')).toBe(false);
  expect(memberships.groupsOf('me')).toEqual([]);
});

test('agree with a walk from group to group', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { maxLength: 12 }), (pairs) => {
      db.exec('DELETE FROM group_members');
      for (const [group, member] of pairs) memberships.add(group, member);
      const found = new Set<string>();
      const walk = (member: string) => {
        for (const [group, one] of pairs) {
          if (one !== member || found.has(group)) continue;
          found.add(group);
          walk(group);
        }
      };
      walk('a');
      expect(memberships.groupsOf('a')).toEqual([...found].sort());
    }),
  );
});

const decided = () =>
  (db.prepare('SELECT group_ids FROM token_groups').get() as { group_ids: string } | undefined)?.group_ids;
const principal = (kind: Principal['kind']) => ({ kind, id: 'me' }) as Principal;

test('count from the next token', () => {
  memberships.add('one', 'me');
  memberships.decideForToken(principal('User'));
  expect(decided()).toBe('["one"]');
  memberships.add('two', 'me');
  expect(decided()).toBe('["one"]');
  memberships.decideForToken(principal('User'));
  expect(decided()).toBe('["one","two"]');
});

test("count for a managed identity from its next day's token", async () => {
  memberships.decideForToken(principal('ManagedIdentity'));
  memberships.add('one', 'me');
  await clock.advance(24 * hour - 1);
  memberships.decideForToken(principal('ManagedIdentity'));
  expect(decided()).toBe('[]');
  await clock.advance(1);
  memberships.decideForToken(principal('ManagedIdentity'));
  expect(decided()).toBe('["one"]');
});

test('end with the group, and with the member', () => {
  memberships.add('one', 'me');
  memberships.add('two', 'me');
  memberships.deleteAll('one');
  expect(memberships.groupsOf('me')).toEqual(['two']);
  memberships.deleteAll('me');
  expect(memberships.members('two')).toEqual([]);
});
