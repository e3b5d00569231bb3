import { expect, test } from 'vitest';
import {
  type Changes,
  grantOf,
  identityOf,
  registryId,
  snapshotOf,
  userAssigned,
} from '../../../test/snapshots.ts';
import { known } from '../../pull-path/snapshot.ts';
import { foretellSwap } from '../foretell.ts';

const off = { acrUseManagedIdentityCreds: false };
const stored = { registryHost: 'hoge.azurecr.io', username: 'other', password: true } as const;
const user = {
  identity: identityOf('user'),
  config: { acrUserManagedIdentityID: userAssigned.clientId },
};
/** Of the user-assigned identity, at the registry of the image. */
const granted = { userGrants: [grantOf({ principalId: userAssigned.principalId })] };

/** An image in a registry at which only the user-assigned identity may pull. */
const otherImage = 'DOCKER|other.azurecr.io/app:2';
const otherRegistry = (() => {
  const { registries, manifests } = snapshotOf();
  const id = registryId.replace(/hoge$/, 'other');
  const hoge = registries['hoge.azurecr.io']!;
  return {
    registries: {
      ...registries,
      'other.azurecr.io': known({
        ...(hoge.known ? hoge.value : (undefined as never)),
        id,
        name: 'other',
        loginServer: 'other.azurecr.io',
      }),
    },
    manifests: { ...manifests, 'other.azurecr.io/app:2': manifests['hoge.azurecr.io/app:0.1.0']! },
    userGrants: [grantOf({ principalId: userAssigned.principalId, scope: id }), ...granted.userGrants],
  };
})();

type Row = [name: string, changes: Changes, production: string[], staging: string[]];

test.each<Row>([
  ['both pull as identities that may', { sites: [{}, { slot: 'staging', ...user }], ...granted }, [], []],
  [
    'an image comes that the identity of production may not pull',
    {
      sites: [{}, { slot: 'staging', ...user, config: { ...user.config, linuxFxVersion: otherImage } }],
      ...otherRegistry,
    },
    ['G1 fail', 'B3 fail'],
    [],
  ],
  [
    'production cannot pull now either',
    { sites: [{ identity: identityOf() }, { slot: 'staging' }] },
    ['B1 fail'],
    [],
  ],
  [
    'the source cannot pull, and slot settings make it start anew',
    { sites: [{}, { slot: 'staging', identity: identityOf() }], slotSettingNames: known(['MODE']) },
    [],
    ['B1 fail', 'G2 fail'],
  ],
  [
    'the source cannot pull, and nothing is known to make it start anew',
    { sites: [{}, { slot: 'staging', identity: identityOf() }] },
    [],
    ['B1 fail', 'G2 warn'],
  ],
  [
    'the credentials that production pulls with travel to a slot with an identity',
    { sites: [{ config: off, appSettings: stored }, { slot: 'staging' }] },
    ['A2 fail', 'G3 fail'].reverse(),
    ['G3 warn', 'A16 warn'],
  ],
  [
    'as slot settings they stay',
    {
      sites: [{ config: off, appSettings: stored }, { slot: 'staging' }],
      slotSettingNames: known(
        ['URL', 'USERNAME', 'PASSWORD'].map((name) => `DOCKER_REGISTRY_SERVER_${name}`),
      ),
    },
    ['A2 warn', 'A5 warn'],
    [],
  ],
  [
    'slot settings are told to travel, in both slots',
    {
      sites: [undefined, 'staging'].map((slot) => ({
        ...(slot && { slot }),
        appSettings: { password: false, defaultsTravel: true as const },
      })),
    },
    ['G5 warn'],
    ['G5 warn'],
  ],
])('%s', (_, changes, ...expected) => {
  const snapshot = snapshotOf(changes);
  const [target, source] = snapshot.sites;
  const { sites } = foretellSwap(snapshot, { source: source!, target: target! });
  const found = sites.map(({ after: { findings } }) =>
    findings.map(({ check, verdict }) => `${check.id} ${verdict.status}`),
  );
  expect(found).toEqual(expected);
  for (const { verdict, check } of sites.flatMap(({ after }) => after.findings)) {
    if (verdict.status === 'unknown') continue;
    expect(verdict.evidence.length, check.id).toBeGreaterThan(0);
    for (const it of verdict.evidence) expect(Object.values(it).join(), check.id).not.toMatch(/undefined/);
  }
});

test('what is missing is granted to the identity that stays, at the registry that comes', () => {
  const snapshot = snapshotOf({
    sites: [{}, { slot: 'staging', ...user, config: { ...user.config, linuxFxVersion: otherImage } }],
    ...otherRegistry,
  });
  const [target, source] = snapshot.sites;
  const [{ after }] = foretellSwap(snapshot, { source: source!, target: target! }).sites as [
    ReturnType<typeof foretellSwap>['sites'][0],
  ];
  const { check, view } = after.findings[0]!;
  expect(after.firstBroken).toBe('grant');
  const identity = target!.identity.systemAssigned!;
  expect(check.remedies[0].commands(view)[0]).toContain(`--assignee-object-id ${identity.principalId}`);
  expect(check.remedies[0].commands(view)[0]).toMatch(/--scope \S+\/registries\/other$/);
});
