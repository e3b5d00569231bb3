import { describe, expect, test } from 'vitest';
import { identityOf, snapshotOf, userAssigned } from '../../test/snapshots.ts';
import { links } from '../pull-path/links.ts';
import { known, unknown } from '../pull-path/snapshot.ts';
import { diagnose } from './diagnose.ts';

const off = { acrUseManagedIdentityCreds: false };

test('a healthy app has no finding, and every link holds', () => {
  for (const { chain, findings } of diagnose(snapshotOf({ sites: [{}, { slot: 'staging' }] }))) {
    expect(findings).toEqual([]);
    expect(chain.map(({ link, status }) => [link, status])).toEqual(links.map((link) => [link, 'pass']));
  }
});

describe('a finding is marked as a consequence', () => {
  const consequences = (changes: Parameters<typeof snapshotOf>[0]) =>
    diagnose(snapshotOf(changes))[0]!.findings.map(({ check, consequenceOf }) => [check.id, consequenceOf]);

  test('where an earlier link decides what it is about', () => {
    const { clientId, id } = userAssigned;
    const deleted = {
      site: { identity: identityOf('user'), config: { acrUserManagedIdentityID: clientId } },
      userAssignedIdentities: { [id.toLowerCase()]: known(null) },
    };
    expect(consequences(deleted)).toEqual([
      ['B7', undefined],
      ['B2', 'identity'],
    ]);
  });

  test('and where that could not be read', () => {
    const registry = unknown({ kind: 'not-visible', message: 'm', resource: 'r' });
    expect(consequences({ registry })).toEqual([
      ['B12', undefined],
      ['B2', 'registry'],
      ['D1', 'registry'],
    ]);
  });

  test('but not where it is wrong by itself', () => {
    expect(consequences({ grants: [], site: { config: off }, manifest: known(null) })).toEqual([
      ['B2', undefined],
      ['A1', undefined],
      ['E1', undefined],
    ]);
  });
});

test('each slot is judged by itself', () => {
  const sites = [{ identity: identityOf() }, { slot: 'a' }, { slot: 'b', config: off }];
  expect(diagnose(snapshotOf({ sites })).map(({ firstBroken }) => firstBroken)).toEqual([
    'identity',
    undefined,
    'flag',
  ]);
});
