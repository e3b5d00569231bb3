import { expect, test } from 'vitest';
import { expectJudgement, judge, type Row } from '../../../test/judgements.ts';
import { denied, identityOf, snapshotOf, userAssigned } from '../../../test/snapshots.ts';
import { type AppSettingFacts, type ContainerFacts, known } from '../../pull-path/snapshot.ts';
import { diagnose } from '../diagnose.ts';

const off = { acrUseManagedIdentityCreds: false };
const stored = (username: 'admin' | 'other', registryHost = 'hoge.azurecr.io'): AppSettingFacts => ({
  registryHost,
  username,
  password: true,
});
const cannotRead = denied('Microsoft.Web/sites/config/list/action');
const adminOn = { adminUserEnabled: true };

test.each<Row>([
  ['off, with nothing stored', { site: { config: off } }, ['A1 fail'], 'flag'],
  [
    'off, with credentials',
    { site: { config: off, appSettings: stored('other') } },
    ['A1 warn', 'A5 warn'],
    undefined,
  ],
  [
    'off, with credentials for another registry',
    { site: { config: off, appSettings: stored('other', 'old.azurecr.io') } },
    ['A1 fail'],
    'flag',
  ],
  [
    'off, with a name and no password',
    { site: { config: off, appSettings: { username: 'other', password: false } } },
    ['A1 fail'],
    'flag',
  ],
  [
    'off, with the admin user',
    { site: { config: off, appSettings: stored('admin') }, registry: adminOn },
    ['A1 warn', 'A5 warn'],
    undefined,
  ],
  [
    'off, with the admin user, who is off',
    { site: { config: off, appSettings: stored('admin') } },
    ['A17 fail', 'A5 warn'],
    'flag',
  ],
  [
    'off, and the settings cannot be read',
    { site: { config: off, appSettings: cannotRead } },
    ['A1 unknown'],
    undefined,
  ],
  ['on, with credentials left over', { site: { appSettings: stored('other') } }, ['A16 warn'], undefined],
  ['on, and the settings cannot be read', { site: { appSettings: cannotRead } }, [], undefined],
])('%s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));

test('A2 names the sibling that has the flag, and A1 keeps silent', () => {
  const sites = [{}, { slot: 'staging', config: off }];
  expect(judge({ sites })).toEqual([[], undefined]);
  expect(judge({ sites }, 1)).toEqual([['A2 fail'], 'flag']);
  const [, slot] = diagnose(snapshotOf({ sites }));
  expect(slot!.findings[0]!.verdict.says).toContain('true on hoge-app');
});

test('a slot that pulls with credentials is not broken because its sibling does not', () => {
  const sites = [{}, { slot: 'staging', config: off, appSettings: stored('other') }];
  expect(judge({ sites }, 1)).toEqual([['A2 warn', 'A5 warn'], undefined]);
});

const container = (changes: Partial<ContainerFacts>): ContainerFacts => ({
  name: 'main',
  image: 'hoge.azurecr.io/app:0.1.0',
  isMain: true,
  authType: 'SystemIdentity',
  userManagedIdentityClientId: null,
  ...changes,
});
/** The flag of the site is off: with sidecars it decides nothing. */
const withSidecars = (...containers: Partial<ContainerFacts>[]) => ({
  site: {
    identity: identityOf('system', 'user'),
    config: { ...off, linuxFxVersion: 'SITECONTAINERS' },
    containers: known(containers.map(container)),
  },
});
const user = { authType: 'UserAssigned', userManagedIdentityClientId: userAssigned.clientId };

test.each<Row>([
  ['a container with the system-assigned identity', withSidecars({}), [], undefined],
  ['an anonymous container', withSidecars({ authType: 'Anonymous' }), ['A19 fail'], 'flag'],
  ['a container with credentials', withSidecars({ authType: 'UserCredentials' }), ['A19 warn'], undefined],
  [
    'a user-assigned identity without its client id',
    withSidecars({ authType: 'UserAssigned' }),
    ['A19 fail'],
    'flag',
  ],
  [
    'a client id that is not attached',
    withSidecars({ ...user, userManagedIdentityClientId: '99999999-9999-9999-9999-999999999999' }),
    ['A8 fail'],
    'identity',
  ],
  [
    'a public sidecar beside it',
    withSidecars({}, { name: 'cache', image: 'redis:7', isMain: false, authType: 'Anonymous' }),
    ['E8 warn'],
    undefined,
  ],
  [
    'a sidecar whose identity has no grant',
    withSidecars({}, { name: 'proxy', isMain: false, ...user }),
    ['A9 fail'],
    'grant',
  ],
  ['no container at all', withSidecars(), ['A19 fail'], 'flag'],
  [
    'containers that cannot be read',
    {
      site: {
        config: { linuxFxVersion: 'SITECONTAINERS' },
        containers: denied('Microsoft.Web/sites/sitecontainers/read'),
      },
    },
    ['A13 unknown'],
    undefined,
  ],
])('with sidecars: %s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));

test('a finding says which container it is about, and its remedy is for that one', () => {
  const anonymous = { name: 'proxy', isMain: false, authType: 'Anonymous' };
  const [{ findings }] = diagnose(snapshotOf(withSidecars({}, anonymous))) as [
    ReturnType<typeof diagnose>[0],
  ];
  expect(findings.map(({ view }) => view.container?.name)).toEqual(['proxy']);
  expect(findings[0]!.check.remedies[0].commands(findings[0]!.view)[0]).toContain('--container-name proxy');
});
