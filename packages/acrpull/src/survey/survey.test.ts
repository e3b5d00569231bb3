import { describe, expect, test } from 'vitest';
import { type Answers, fakeAzure, forbidden } from '../../test/fake-azure.ts';
import type { Snapshot } from '../pull-path/snapshot.ts';
import type { Checkpoint } from './checkpoint.ts';
import { findApps } from './find-apps.ts';
import { isComplete, isFine, survey } from './survey.ts';

const subscription = '/subscriptions/s';
const group = `${subscription}/resourceGroups/blog`;
const registryId = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge`;
const acrPullId = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
const idOf = (name: string) => `${group}/providers/Microsoft.Web/sites/${name}`;

const site = (name: string, changes = {}) => ({
  id: idOf(name),
  name,
  kind: 'app,linux,container',
  identity: { type: 'SystemAssigned', principalId: `principal-of-${name}` },
  properties: { state: 'Running', reserved: true, defaultHostName: `${name}.azurewebsites.net` },
  ...changes,
});
const names = Array.from({ length: 50 }, (_, n) => `app-${n}`);
const assignment = (name: string) => ({
  id: `${registryId}/providers/Microsoft.Authorization/roleAssignments/${name}`,
  properties: {
    scope: registryId,
    principalId: `principal-of-${name}`,
    createdOn: '2025-01-01T00:00:00Z',
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${acrPullId}`,
  },
});
const config = (changes = {}) => ({
  properties: {
    linuxFxVersion: 'DOCKER|hoge.azurecr.io/app:1',
    acrUseManagedIdentityCreds: true,
    ...changes,
  },
});

/** Fifty apps, all of them healthy, and one that runs no container. */
const healthy: Answers = [
  [
    /GET \S+s\/providers\/Microsoft.Web\/sites$/,
    {
      value: [
        ...names.map((name) => site(name)),
        site('code', { kind: 'app', properties: { defaultHostName: 'code.azurewebsites.net' } }),
      ],
    },
  ],
  [/GET \S+resources\?\$filter=resourceType eq 'Microsoft.Web\/sites\/slots'/, { value: [] }],
  [/GET \S+\/config\/web$/, config()],
  [
    /GET \S+registries$/,
    {
      value: [
        {
          id: registryId,
          name: 'hoge',
          sku: { name: 'Premium' },
          properties: { loginServer: 'hoge.azurecr.io' },
        },
      ],
    },
  ],
  [/GET \S+\/subscriptions\/s$/, { tenantId: 't' }],
  [/GET \S+\/permissions$/, { value: [] }],
  [/GET \S+denyAssignments/, { value: [] }],
  [/GET \S+roleAssignments\?\$filter=atScope/, { value: [] }],
  [/GET \S+\/s\/providers\/Microsoft.Authorization\/roleAssignments$/, { value: names.map(assignment) }],
  [/GET \S+\/webhooks$/, { value: [] }],
  [/GET \S+userAssignedIdentities$/, { value: [] }],
  [
    /GET \S+roleDefinitions/,
    {
      properties: {
        roleName: 'AcrPull',
        permissions: [{ actions: ['Microsoft.ContainerRegistry/registries/pull/read'] }],
      },
    },
  ],
  [/POST https:\/\/hoge.azurecr.io\/oauth2\/exchange/, { refresh_token: 'r' }],
  [/POST https:\/\/hoge.azurecr.io\/oauth2\/token/, { access_token: 'a' }],
  [
    /GET https:\/\/hoge.azurecr.io\/v2/,
    { headers: { 'docker-content-digest': `sha256:${'a'.repeat(64)}`, 'content-type': 'application/json' } },
  ],
];

const createCheckpoint = (
  kept = new Map<string, Snapshot>(),
): Checkpoint & { kept: Map<string, Snapshot> } => ({
  kept,
  keep: (snapshot) => kept.set(snapshot.app.id.toLowerCase(), snapshot),
  finish: () => {},
});

async function surveyAll(answers: Answers, checkpoint = createCheckpoint()) {
  const azure = fakeAzure([...answers, ...healthy]);
  const query = { apps: [], subscriptionIds: ['s'], everySubscription: false };
  const found = await findApps(azure.resourceManager, query);
  const result = await survey(azure, found, checkpoint, () => {});
  const asked = azure.waves.flat();
  const broken = result.reports.flatMap(({ sites }) => sites.filter((it) => it.firstBroken));
  return { asked, broken, ...result };
}
const about = (asked: string[], name: string) => asked.filter((it) => new RegExp(`${name}(/|$|')`).test(it));

describe('of many apps', () => {
  test('each healthy one costs one call, and what they share is asked once', async () => {
    const { asked, reports, withoutContainer } = await surveyAll([]);
    expect(reports.length).toBe(50);
    expect(reports.every(({ ok }) => ok)).toBe(true);
    expect(withoutContainer).toBe(1);
    for (const name of names) expect(about(asked, name)).toEqual([expect.stringContaining('/config/web')]);
    // Two lists of sites, role assignments, registries, seven of the registry, its role, and four at its own door.
    expect(asked.length).toBeLessThanOrEqual(50 + 2 + 1 + 1 + 7 + 1 + 4);
  });

  test('one that is broken is read whole, and no other', async () => {
    const { asked, broken } = await surveyAll([
      [/app-7\/config\/web$/, config({ acrUseManagedIdentityCreds: false })],
      [/app-7\/config\/appsettings\/list/, { properties: {} }],
      [/filter=assignedTo\('principal-of-app-7'\)/, { value: [assignment('app-7')] }],
    ]);
    expect(broken.map(({ name, firstBroken }) => [name, firstBroken])).toEqual([['app-7', 'flag']]);
    const paths = about(asked, 'app-7').map((it) => it.split('/').slice(-2).join('/'));
    expect(paths.slice(0, 3)).toEqual(['config/web', 'appsettings/list', 'app-7/siteStatus']);
    expect(paths).toHaveLength(4);
    expect(asked.filter((it) => it.includes('appsettings/list'))).toHaveLength(1);
  });

  test('a grant through a group, which the list does not tell, is found before anything is said', async () => {
    const { broken } = await surveyAll([
      [/s\/providers\/Microsoft.Authorization\/roleAssignments$/, { value: names.slice(1).map(assignment) }],
      [/filter=assignedTo\('principal-of-app-0'\)/, { value: [assignment('some-group')] }],
    ]);
    expect(broken).toEqual([]);
  });

  test('slots are asked for where there are any', async () => {
    const slot = site('app-3', { id: `${idOf('app-3')}/slots/test`, name: 'app-3/test' });
    const { asked, reports } = await surveyAll([
      [/filter=resourceType eq 'Microsoft.Web\/sites\/slots'/, { value: [{ id: slot.id }] }],
      [/GET \S+app-3\/slots$/, { value: [slot] }],
    ]);
    expect(asked.filter((it) => it.endsWith('/slots'))).toHaveLength(1);
    expect(reports.flatMap(({ sites }) => sites)).toHaveLength(51);
  });

  test('lists that may not be read are no hindrance', async () => {
    const { reports } = await surveyAll([
      [/s\/providers\/Microsoft.Authorization\/roleAssignments$/, forbidden('list')],
      [/filter=resourceType eq/, forbidden('Microsoft.Resources/subscriptions/resources/read')],
      [/GET \S+\/app-\d+\/slots$/, { value: [] }],
      ...names.map((name): Answers[0] => [
        new RegExp(`assignedTo\\('principal-of-${name}'\\)`),
        { value: [assignment(name)] },
      ]),
    ]);
    expect(reports.every(({ ok }) => ok)).toBe(true);
  });

  test('of every subscription, one that may not be listed is said, and holds up no other', async () => {
    const azure = fakeAzure([
      [/GET \S+\/subscriptions$/, { value: [{ subscriptionId: 's' }, { subscriptionId: 't' }] }],
      [/t\/providers\/Microsoft.Web\/sites$/, forbidden('Microsoft.Web/sites/read')],
      ...healthy,
    ]);
    const query = { apps: [], subscriptionIds: [], everySubscription: true };
    const found = await findApps(azure.resourceManager, query);
    expect(found.unreadable.map(({ id }) => id)).toEqual(['/subscriptions/t']);
    expect(found.candidates).toHaveLength(50);
    const named = { ...query, subscriptionIds: ['t'], everySubscription: false };
    await expect(findApps(azure.resourceManager, named)).rejects.toThrow('Microsoft.Web/sites/read');
  });

  test('one that has gone meanwhile is said, and holds up nobody', async () => {
    const gone = { status: 404, body: { error: { code: 'ResourceNotFound', message: 'gone' } } };
    const { reports, unreadable } = await surveyAll([
      [
        /filter=resourceType eq 'Microsoft.Web\/sites\/slots'/,
        { value: [{ id: `${idOf('app-9')}/slots/x` }] },
      ],
      [/app-9\/slots$/, gone],
    ]);
    expect(reports).toHaveLength(49);
    expect(unreadable).toMatchObject([{ id: idOf('app-9'), failure: { message: 'gone' } }]);
  });

  test('one of which Azure says 503 is no end either, and leaves something to do for a second run', async () => {
    const down = { status: 503, body: { error: { code: 'ServiceUnavailable', message: 'down' } } };
    const result = await surveyAll([[/app-9\/config\/web$/, down]]);
    expect(result.reports).toHaveLength(49);
    expect([isComplete(result), isFine(result)]).toEqual([false, false]);
  });

  test('what stands in the way of all of them ends it', async () => {
    const refused = {
      status: 401,
      body: { error: { code: 'ExpiredAuthenticationToken', message: 'expired' } },
    };
    await expect(surveyAll([[/app-9\/config\/web$/, refused]])).rejects.toThrow('expired');
  });

  test('what an earlier run has read is not asked again', async () => {
    const checkpoint = createCheckpoint();
    await surveyAll([], checkpoint);
    checkpoint.kept.delete(idOf('app-4').toLowerCase());
    const { asked, reports } = await surveyAll([], checkpoint);
    expect(asked.filter((it) => it.endsWith('/config/web'))).toHaveLength(1);
    expect(reports).toHaveLength(50);
  });
});
