import { describe, expect, test } from 'vitest';
import { acrPullGrant, healthySite, registry, snapshotOf, takenOn } from '../../test/snapshots.ts';
import { type ConfigFacts, known, type SiteFacts, type Unreadable, unknown } from '../pull-path/snapshot.ts';
import { diagnose } from './diagnose.ts';

const config = (changes: Partial<ConfigFacts>): Partial<SiteFacts> => ({
  config: known({
    linuxFxVersion: 'DOCKER|hoge.azurecr.io/app:0.1.0',
    acrUseManagedIdentityCreds: true,
    acrUserManagedIdentityID: null,
    ...changes,
  }),
});
const denied = (action: string): Unreadable => ({ kind: 'denied', message: 'no', resource: 'r', action });
const userAssigned = [{ id: '/ua', clientId: 'client', principalId: 'principal' }];
const noIdentity = { identity: { type: 'None', userAssigned: [] } };

/** One change to a healthy site; then the ids of the findings that fail, and the first broken link. */
const broken: [name: string, changes: Partial<SiteFacts>, ids: string[], firstBroken: string][] = [
  ['no identity', noIdentity, ['B1'], 'identity'],
  ['no grant', { grants: known([]) }, ['B2'], 'grant'],
  [
    'another role',
    { grants: known([{ ...acrPullGrant(), role: { ...acrPullGrant().role, name: 'X', actions: [] } }]) },
    ['B2'],
    'grant',
  ],
  [
    'grant at another group',
    { grants: known([acrPullGrant('/subscriptions/s/resourceGroups/other')]) },
    ['B3'],
    'grant',
  ],
  ['flag off', config({ acrUseManagedIdentityCreds: false }), ['A1'], 'flag'],
  ['no such tag', { manifest: known(null) }, ['E1'], 'manifest'],
  [
    'malformed reference',
    config({ linuxFxVersion: 'DOCKER|https://hoge.azurecr.io/app:1' }),
    ['A13'],
    'image',
  ],
  ['no host in the reference', config({ linuxFxVersion: 'DOCKER|app:1' }), ['A14'], 'image'],
  [
    'no such host',
    { manifest: unknown({ kind: 'no-such-host', message: 'm', resource: 'r' }) },
    ['A15'],
    'registry',
  ],
  [
    'user-assigned only, no client id',
    { identity: { type: 'UserAssigned', userAssigned } },
    ['A7'],
    'identity',
  ],
  [
    'client id of nobody',
    { ...config({ acrUserManagedIdentityID: 'other' }), identity: { type: 'UserAssigned', userAssigned } },
    ['A8'],
    'identity',
  ],
];

describe('a site with one broken link', () => {
  test.each(broken)('%s', (_, changes, ids, firstBroken) => {
    const [diagnosis] = diagnose(snapshotOf([{ ...healthySite(), ...changes }]));
    const failed = diagnosis!.findings.filter(({ verdict }) => verdict.status === 'fail');
    expect(failed.map(({ check }) => check.id)).toEqual(ids);
    expect(diagnosis!.firstBroken).toBe(firstBroken);
    const brokenLinks = diagnosis!.chain.filter(({ status }) => status === 'fail').map(({ link }) => link);
    expect(brokenLinks).toEqual([firstBroken]);
  });

  test('evidence and commands come with every finding that fails', () => {
    for (const [, changes] of broken) {
      const [diagnosis] = diagnose(snapshotOf([{ ...healthySite(), ...changes }]));
      for (const { check, verdict } of diagnosis!.findings) {
        expect(verdict.status === 'fail' && verdict.evidence.length).toBeGreaterThan(0);
        expect(check.remedies[0].commands(diagnosis!.view).length).toBeGreaterThan(0);
      }
    }
  });
});

describe('a healthy site', () => {
  test('has no finding, and every link holds', () => {
    for (const { chain, findings } of diagnose(snapshotOf([healthySite(), healthySite('staging')]))) {
      expect(findings).toEqual([]);
      expect(chain.map(({ status }) => status)).toEqual(Array(6).fill('pass'));
    }
  });

  test('the user-assigned identity that the client id names is the one that counts', () => {
    const site = {
      ...healthySite(),
      ...config({ acrUserManagedIdentityID: 'CLIENT' }),
      identity: { type: 'UserAssigned', userAssigned },
    };
    expect(diagnose(snapshotOf([site]))[0]!.findings).toEqual([]);
  });
});

test('A2 names the sibling that has the flag, and A1 keeps silent', () => {
  const staging = { ...healthySite('staging'), ...config({ acrUseManagedIdentityCreds: false }) };
  const [production, slot] = diagnose(snapshotOf([healthySite(), staging]));
  expect(production!.findings).toEqual([]);
  expect(slot!.findings.map(({ check }) => check.id)).toEqual(['A2']);
  expect(slot!.findings[0]!.verdict.says).toContain('hoge-app');
});

test('A1 only warns where stored credentials pull instead', () => {
  const site = {
    ...healthySite(),
    ...config({ acrUseManagedIdentityCreds: false }),
    credentials: known({ username: true, password: true }),
  };
  expect(diagnose(snapshotOf([site]))[0]!.findings).toMatchObject([
    { check: { id: 'A1' }, verdict: { status: 'warn' } },
  ]);
});

describe('C1', () => {
  const age = (minutes: number) => new Date(Date.parse(takenOn) - minutes * 60_000).toISOString();
  test.each([
    [1, ['C1']],
    [29, ['C1']],
    [31, []],
  ])('a grant of %i minutes: %j', (minutes, ids) => {
    const site = { ...healthySite(), grants: known([acrPullGrant(undefined, age(minutes))]) };
    expect(diagnose(snapshotOf([site]))[0]!.findings.map(({ check }) => check.id)).toEqual(ids);
  });
});

test('B9 warns only when a grant is missing and the reader may not make one', () => {
  const reader = known({ ...registry, callerPermissions: known([{ actions: ['*/read'], notActions: [] }]) });
  const ids = (site: SiteFacts) =>
    diagnose(snapshotOf([site], reader))[0]!.findings.map(({ check }) => check.id);
  expect(ids({ ...healthySite(), grants: known([]) })).toEqual(['B2', 'B9']);
  expect(ids(healthySite())).toEqual([]);
});

describe('what could not be read is unknown, never fine and never broken', () => {
  test.each<[string, Partial<SiteFacts>, string[]]>([
    ['config/web', { config: unknown(denied('Microsoft.Web/sites/config/read')) }, ['image', 'flag']],
    [
      'role assignments',
      { grants: unknown(denied('Microsoft.Authorization/roleAssignments/read')) },
      ['grant'],
    ],
    [
      'manifest',
      { manifest: unknown(denied('Microsoft.ContainerRegistry/registries/pull/read')) },
      ['manifest'],
    ],
  ])('%s', (_, changes, links) => {
    const [diagnosis] = diagnose(snapshotOf([{ ...healthySite(), ...changes }]));
    expect(diagnosis!.firstBroken).toBeUndefined();
    const unknowns = diagnosis!.chain.filter(({ status }) => status === 'unknown').map(({ link }) => link);
    expect(unknowns).toEqual(links);
  });
});
