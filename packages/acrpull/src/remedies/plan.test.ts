import { describe, expect, test } from 'vitest';
import {
  acrPull,
  appId,
  type Changes,
  denied,
  grantOf,
  identityOf,
  principalId,
  registryId,
  repositoryReader,
  snapshotOf,
  userAssigned,
} from '../../test/snapshots.ts';
import { diagnose } from '../checks/diagnose.ts';
import { conditionHolds } from '../pull-path/role-condition.ts';
import { known } from '../pull-path/snapshot.ts';
import { leftToWait } from './grant-wait.ts';
import { planSites, type SitePlan, type Wishes } from './plan.ts';
import { pullCondition } from './pull-condition.ts';
import { kindOf } from './writes/index.ts';
import type { RoleAssignmentWrite } from './writes/role-assignment-write.ts';

const flagOff = { config: { acrUseManagedIdentityCreds: false } };
const bare: Changes = { site: { ...flagOff, identity: identityOf() } };
const elsewhere = '/subscriptions/s/resourceGroups/other';
const credentials = { registryHost: 'hoge.azurecr.io', username: 'other', password: true } as const;
const abac = { roleAssignmentMode: 'AbacRepositoryPermissions' };
const plansOf = (changes: Changes, wishes: Wishes = {}) => planSites(diagnose(snapshotOf(changes)), wishes);
const planOf = (changes: Changes, wishes?: Wishes): SitePlan => plansOf(changes, wishes)[0]!;
const remediesOf = ({ steps }: SitePlan) => steps.map(({ remedy }) => remedy);
const grantIn = ({ steps }: SitePlan) =>
  steps.find(({ write }) => write.kind === 'role-assignment')!.write as RoleAssignmentWrite;
const changesIn = ({ steps }: SitePlan) => steps.flatMap(({ write }) => kindOf(write).changes(write));

describe('the plan', () => {
  test.each<[string, Changes, string[]]>([
    ['nothing for a healthy site', {}, []],
    ['all three, the role before the flag', bare, ['assign-identity', 'grant-pull', 'set-flag']],
    ['the grant only', { grants: [] }, ['grant-pull']],
    ['the grant, also when it stands elsewhere', { grants: [grantOf({ scope: elsewhere })] }, ['grant-pull']],
    ['the flag only', { site: flagOff }, ['set-flag']],
    ['nothing that a person must decide', { manifest: known(null) }, []],
    [
      'no identity beside one that the site names',
      { site: { identity: identityOf(), config: { acrUserManagedIdentityID: userAssigned.clientId } } },
      [],
    ],
    ['nothing to a site that pulls with credentials', { site: { ...flagOff, appSettings: credentials } }, []],
  ])('%s', (_, changes, remedies) => {
    expect(remediesOf(planOf(changes))).toEqual(remedies);
  });

  test('says for each step what is there and what is to be', () => {
    expect(changesIn(planOf(bare))).toEqual([
      { kind: 'add', what: 'identity', to: 'SystemAssigned' },
      { kind: 'add', what: 'role assignment', to: 'AcrPull at registry hoge, for the new identity' },
      { kind: 'change', what: 'acrUseManagedIdentityCreds', from: 'false', to: 'true' },
    ]);
  });

  test('grants at the registry and no wider', () => {
    expect(grantIn(planOf(bare))).toMatchObject({
      scope: registryId,
      principal: { systemAssignedOf: appId },
      to: { condition: null },
    });
  });

  test('leaves to the user what only a person can mend, and says so', () => {
    expect(planOf({ manifest: known(null) }).left.map(({ check }) => check.id)).toEqual(['E1']);
  });

  test('leaves a site alone that runs code and no container', () => {
    const plan = planOf({
      site: {
        config: { linuxFxVersion: 'NODE|20-lts', acrUseManagedIdentityCreds: false },
        identity: identityOf(),
      },
    });
    expect(plan.steps).toEqual([]);
    expect(plan.left.map(({ check }) => check.id)).toEqual(['A13']);
  });
});

describe('on a registry in ABAC mode', () => {
  const changes = { registry: abac, grants: [grantOf({ role: acrPull })] };

  test('the role that the registry honours, for the repository only', () => {
    const { role, from, to } = grantIn(planOf(changes));
    expect(role.name).toBe(repositoryReader.name);
    expect(from).toBeNull();
    expect(to).toEqual({ condition: pullCondition(['app']) });
  });

  test('a condition that leaves out the repository gets it beside what it has', () => {
    const condition = pullCondition(['other']);
    const held = grantOf({ role: repositoryReader, condition });
    const { id, from, to } = grantIn(planOf({ registry: abac, grants: [held] }));
    expect(id).toBe(held.id);
    expect(from).toEqual({ condition });
    const allows = (repository: string) =>
      conditionHolds(
        to!.condition!,
        'Microsoft.ContainerRegistry/registries/repositories/content/read',
        repository,
      );
    expect(['app', 'other', 'third'].map(allows)).toEqual([true, true, false]);
  });
});

test('a site that pulls today does not come to depend on a grant of which nothing is known', () => {
  const grants = denied('Microsoft.Authorization/roleAssignments/read');
  const pulls: Changes = { site: { ...flagOff, appSettings: credentials }, grants };
  expect(() => planOf(pulls, { only: ['A1'] })).toThrow('could not be read');
  expect(remediesOf(planOf({ site: flagOff, grants }))).toEqual(['set-flag']);
});

test('containers of one site that pull from two repositories need one grant', () => {
  const container = (name: string, isMain: boolean) => ({
    ...{ name, isMain, image: `hoge.azurecr.io/${name}:0.1.0` },
    ...{ authType: 'SystemIdentity', userManagedIdentityClientId: null },
  });
  const containers = known([container('app', true), container('helper', false)]);
  const config = { linuxFxVersion: 'SITECONTAINERS' };
  for (const identity of [identityOf('system'), identityOf()]) {
    const plan = planOf({ site: { identity, config, containers }, registry: abac, grants: [] });
    const grants = plan.steps.filter(({ write }) => write.kind === 'role-assignment');
    expect(grants).toHaveLength(1);
    expect(grantIn(plan).to).toEqual({ condition: pullCondition(['app', 'helper']) });
  }
});

describe('which identity is meant', () => {
  const userGrants = [grantOf({ principalId: userAssigned.principalId })];
  const { clientId } = userAssigned;

  test.each<[string, string | null, ('system' | 'user')[], string | null]>([
    ['the one whose principal id stands there', userAssigned.principalId, ['system', 'user'], clientId],
    ['the one whose resource id stands there', userAssigned.id.toUpperCase(), ['user'], clientId],
    ['the system-assigned one, by its principal id', principalId, ['system', 'user'], null],
    ['the only one that is attached', null, ['user'], clientId],
  ])('%s', (_, given, kinds, wanted) => {
    const site = { identity: identityOf(...kinds), config: { acrUserManagedIdentityID: given } };
    const plan = planOf({ site, userGrants });
    expect(plan).toMatchObject({ left: [], steps: [{ remedy: 'select-identity' }] });
    expect(plan.steps[0]!.write).toMatchObject({ to: { acrUserManagedIdentityID: wanted } });
  });

  test('client id and flag are one write; and the client id alone, where the site pulls with credentials', () => {
    const site = { ...flagOff, identity: identityOf('user') };
    expect(planOf({ site, userGrants }).steps).toMatchObject([
      {
        because: ['A7', 'A1'],
        write: {
          from: { acrUserManagedIdentityID: null, acrUseManagedIdentityCreds: false },
          to: { acrUserManagedIdentityID: clientId, acrUseManagedIdentityCreds: true },
        },
      },
    ]);
    const { steps } = planOf({ site: { ...site, appSettings: credentials }, userGrants });
    expect(steps.map(({ write }) => write)).toMatchObject([{ to: { acrUserManagedIdentityID: clientId } }]);
    expect(steps[0]!.write).not.toHaveProperty('to.acrUseManagedIdentityCreds');
  });
});

describe('--only', () => {
  test('what mends one finding', () => {
    const changes = { grants: [], manifest: known(null) };
    expect(remediesOf(planOf(changes, { only: ['B2'] }))).toEqual(['grant-pull']);
    expect(planOf(changes, { only: ['E1'] })).toMatchObject({ steps: [], left: [{ check: { id: 'E1' } }] });
  });

  test('a warning counts when it is named: from credentials to the identity, with all that it stands on', () => {
    const changes: Changes = { site: { ...flagOff, identity: identityOf(), appSettings: credentials } };
    const plan = planOf(changes, { only: ['A1'] });
    expect(plan.steps.map(({ remedy, because }) => [remedy, because])).toEqual([
      ['assign-identity', ['A1']],
      ['grant-pull', ['A1']],
      ['set-flag', ['A1']],
    ]);
  });
});

describe('--identity', () => {
  const wishes = { identity: userAssigned };

  test('it is attached, granted and named, and the others stay', () => {
    const [plan] = plansOf({}, wishes);
    expect(changesIn(plan!)).toEqual([
      { kind: 'add', what: 'identity', to: 'UserAssigned puller' },
      {
        kind: 'add',
        what: 'role assignment',
        to: `AcrPull at registry hoge, for ${userAssigned.principalId}`,
      },
      { kind: 'change', what: 'acrUserManagedIdentityID', from: 'none', to: userAssigned.clientId },
    ]);
    expect(plan!.steps[0]!.write).toMatchObject({ to: { system: true, ids: [userAssigned.id] } });
  });

  test('one grant for all sites, for all their repositories', () => {
    const sites = [{}, { slot: 'staging', config: { linuxFxVersion: 'DOCKER|hoge.azurecr.io/next:1' } }];
    const [production, staging] = plansOf({ sites, registry: abac }, wishes);
    expect(grantIn(production!)).toEqual(grantIn(staging!));
    expect(grantIn(production!).to).toEqual({ condition: pullCondition(['app', 'next']) });
  });

  test('nothing where it pulls already', () => {
    const site = {
      identity: identityOf('user'),
      config: { acrUserManagedIdentityID: userAssigned.clientId },
    };
    const userGrants = [grantOf({ principalId: userAssigned.principalId })];
    expect(planOf({ site, userGrants }, wishes).steps).toEqual([]);
  });

  test('mends a client id of an identity that is not attached', () => {
    const config = { acrUserManagedIdentityID: '99999999-9999-9999-9999-999999999999' };
    const userGrants = [grantOf({ principalId: userAssigned.principalId })];
    const changes: Changes = { site: { identity: identityOf('user'), config }, userGrants };
    expect(planOf(changes)).toMatchObject({ steps: [], left: [{ check: { id: 'A8' } }] });
    expect(planOf(changes, wishes)).toMatchObject({
      left: [],
      steps: [{ remedy: 'select-identity', because: ['--identity', 'A8'] }],
    });
  });
});

test('--scope is where the role is granted', () => {
  const scope = '/subscriptions/s/resourceGroups/blog';
  const { to } = changesIn(planOf({ grants: [] }, { scope }))[0]!;
  expect(to).toBe(`AcrPull at resource group blog, for ${principalId}`);
});

describe('a site that can pull as it is waits for its grant', () => {
  const createdOn = '2026-01-01T11:59:00.000Z';
  const userGrants = [grantOf({ principalId: userAssigned.principalId, createdOn })];
  const flagged: Changes = { site: { ...flagOff, appSettings: credentials }, grants: [] };

  test.each<[string, Changes, Wishes, object | undefined]>([
    ['a new one', {}, { identity: userAssigned }, { ms: 300_000, grantedOn: undefined }],
    ['a young one', { userGrants }, { identity: userAssigned }, { ms: 300_000, grantedOn: createdOn }],
    ['with credentials', flagged, { only: ['A1'] }, { ms: 300_000, grantedOn: undefined }],
    [
      'not an old one',
      { userGrants: [grantOf({ principalId: userAssigned.principalId })] },
      { identity: userAssigned },
      undefined,
    ],
    ['not one that is broken anyway', { grants: [] }, { identity: userAssigned }, undefined],
  ])('%s', (_, changes, wishes, wait) => {
    expect(planOf(changes, { ...wishes, waitMs: 300_000 }).wait).toEqual(wait);
  });

  test.each([
    ['made by this run', undefined, 5_000, 6_000],
    ['there already', '1970-01-01T00:00:02.000Z', undefined, 3_000],
    ['old', '1960-01-01T00:00:00.000Z', undefined, 0],
    ['of unknown age', undefined, undefined, 0],
  ])('for one that was %s', (_, grantedOn, madeOn, left) => {
    expect(leftToWait({ ms: 10_000, grantedOn }, madeOn, 9_000)).toBe(left);
  });
});

describe('--remove-credentials', () => {
  const wishes = { removeCredentials: true };
  const names = [
    'DOCKER_REGISTRY_SERVER_URL',
    'DOCKER_REGISTRY_SERVER_USERNAME',
    'DOCKER_REGISTRY_SERVER_PASSWORD',
  ];

  test('takes away those that are stored, and not among the other steps', () => {
    const plan = planOf({ site: { appSettings: credentials } }, wishes);
    expect(plan.steps).toEqual([]);
    expect(plan.removal?.write).toEqual({ kind: 'app-settings', site: appId, remove: names });
  });

  test('sets the flag first, where the site pulls with them', () => {
    const plan = planOf({ site: { ...flagOff, identity: identityOf(), appSettings: credentials } }, wishes);
    expect(remediesOf(plan)).toEqual(['assign-identity', 'grant-pull', 'set-flag']);
    expect(plan.removal).toBeDefined();
  });

  test.each<[string, Changes]>([
    ['without it', { site: { appSettings: credentials } }],
    ['where none are stored', {}],
    [
      'where another registry wants them',
      { site: { appSettings: credentials, config: { linuxFxVersion: 'DOCKER|nginx:1' } } },
    ],
  ])('nothing %s', (name, changes) => {
    expect(planOf(changes, name === 'without it' ? {} : wishes).removal).toBeUndefined();
  });
});
