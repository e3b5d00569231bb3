import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answers, fakeAzure, forbidden } from '../../test/fake-azure.ts';
import { appId, principalId, registryId, tenantId, userAssigned } from '../../test/snapshots.ts';
import { diagnose } from '../checks/diagnose.ts';
import { gather } from './gather.ts';
import { formatSnapshot } from './saved-snapshot.ts';
import type { Snapshot } from './snapshot.ts';

const acrPullId = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
const digest = `sha256:${'a'.repeat(64)}`;

const site = (name = '', changes = {}) => ({
  id: name ? `${appId}/slots/${name}` : appId,
  name: name ? `hoge-app/${name}` : 'hoge-app',
  identity: { type: 'SystemAssigned', principalId, tenantId },
  properties: { state: 'Running', reserved: true, defaultHostName: `hoge-app-${name}.azurewebsites.net` },
  ...changes,
});
const config = (changes = {}) => ({
  properties: {
    linuxFxVersion: 'DOCKER|hoge.azurecr.io/app:1',
    acrUseManagedIdentityCreds: true,
    acrUserManagedIdentityID: null,
    ...changes,
  },
});
const registry = (id = registryId) => ({
  id,
  name: 'hoge',
  sku: { name: 'Premium' },
  properties: { loginServer: 'hoge.azurecr.io' },
});
const assignment = (holder = principalId, scope = registryId) => ({
  id: `${scope}/providers/Microsoft.Authorization/roleAssignments/1`,
  properties: {
    scope,
    principalId: holder,
    createdOn: '2025-01-01T00:00:00Z',
    roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${acrPullId}`,
  },
});

/** An app with three slots, all of it healthy. */
const healthy: Answers = [
  [/GET \S+\/sites\/hoge-app$/, site()],
  [/GET \S+\/slots$/, { value: ['c', 'a', 'b'].map((name) => site(name)) }],
  [/GET \S+\/config\/web$/, config()],
  [/GET \S+\/siteStatus$/, { properties: [{ instanceId: 'i', state: 'Started', lastError: null }] }],
  [/GET \S+\/config\/slotConfigNames$/, { properties: { appSettingNames: ['MODE'] } }],
  [/POST \S+\/config\/appsettings\/list$/, { properties: { SECRET: 'shibboleth' } }],
  [/GET \S+subscriptions\/s\/providers\/Microsoft.ContainerRegistry\/registries$/, { value: [registry()] }],
  [/GET \S+\/subscriptions\/s$/, { tenantId }],
  [
    /GET \S+registries\/hoge\/providers\/Microsoft.Authorization\/permissions$/,
    { value: [{ actions: ['*'], notActions: [] }] },
  ],
  [/GET \S+roleAssignments\?\$filter=atScope\(\)/, { value: [assignment()] }],
  [new RegExp(`roleAssignments\\?\\$filter=assignedTo\\('${principalId}'\\)`), { value: [assignment()] }],
  [/GET \S+roleAssignments\?\$filter=assignedTo/, { value: [] }],
  [/GET \S+denyAssignments/, { value: [] }],
  [/GET \S+registries\/hoge\/webhooks$/, { value: [] }],
  [
    /GET \S+roleDefinitions\/7f951dda/,
    {
      properties: {
        roleName: 'AcrPull',
        type: 'BuiltInRole',
        permissions: [{ actions: ['Microsoft.ContainerRegistry/registries/pull/read'], notActions: [] }],
      },
    },
  ],
  [/POST https:\/\/hoge.azurecr.io\/oauth2\/exchange/, { refresh_token: 'r' }],
  [/POST https:\/\/hoge.azurecr.io\/oauth2\/token/, { access_token: 'a' }],
  [
    /GET https:\/\/hoge.azurecr.io\/v2\/app\/manifests\/1/,
    {
      headers: { 'docker-content-digest': digest, 'content-type': 'application/json' },
      body: { layers: [] },
    },
  ],
  [
    /GET https:\/\/hoge.azurecr.io\/acr\/v1\/app\/_manifests/,
    { manifests: [{ digest, tags: ['1'], os: 'linux', architecture: 'amd64' }] },
  ],
];
const withAnswers = (...answers: Answers) => [...answers, ...healthy];
const failed = (snapshot: Snapshot) =>
  diagnose(snapshot).map(({ findings }) =>
    findings.map(({ check, verdict }) => `${check.id} ${verdict.status}`),
  );

describe('an app with three slots', () => {
  test('is read in four sequential round trips, each thing once', async () => {
    const azure = fakeAzure(healthy);
    const snapshot = await gather(azure, appId);
    expect(azure.waves.length).toBeLessThanOrEqual(4);
    const asked = azure.waves.flat();
    expect(new Set(asked).size).toBe(asked.length);
    // Of the app, each slot, a principal, a registry, a role, an image.
    expect(asked.length).toBeLessThanOrEqual(7 + 3 * 3 + 1 + 5 + 1 + 4);
    expect(snapshot.sites.map(({ slot }) => slot)).toEqual([undefined, 'a', 'b', 'c']);
    expect(failed(snapshot)).toEqual([[], [], [], []]);
    expect(Object.values(snapshot.manifests)).toMatchObject([
      { value: { platforms: [{ os: 'linux', architecture: 'amd64' }] } },
    ]);
  });

  test('with another image on a slot takes no more', async () => {
    const azure = fakeAzure(
      withAnswers([/slots\/a\/config\/web/, config({ linuxFxVersion: 'DOCKER|hoge.azurecr.io/app:2' })]),
    );
    expect(failed(await gather(azure, appId))).toEqual([[], ['E1 fail'], [], []]);
    expect(azure.waves.length).toBeLessThanOrEqual(4);
  });

  test('whose identity lacks a grant: the directory is asked for deleted ones, in no more round trips', async () => {
    const azure = fakeAzure(
      withAnswers(
        [/filter=assignedTo/, { value: [] }],
        [
          /roleAssignments\?\$filter=atScope/,
          { value: [assignment('gone'), assignment('gone', '/subscriptions/s')] },
        ],
        [/POST https:\/\/graph.microsoft.com\/v1.0\/directoryObjects\/getByIds/, { value: [] }],
      ),
    );
    const snapshot = await gather(azure, appId);
    expect(azure.waves.length).toBeLessThanOrEqual(4);
    expect(failed(snapshot)[0]).toEqual(['B2 fail', 'B6 warn']);
    const orphans = snapshot.registries['hoge.azurecr.io'];
    expect(orphans).toMatchObject({
      value: { orphans: { value: [{ principalId: 'gone', scope: registryId }] } },
    });
  });
});

test('a snapshot holds no secret', async () => {
  const settings = {
    DOCKER_REGISTRY_SERVER_URL: 'https://hoge.azurecr.io/v2',
    DOCKER_REGISTRY_SERVER_USERNAME: 'shibboleth',
    DOCKER_REGISTRY_SERVER_PASSWORD: 'shibboleth',
    WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS: 'False',
    OTHER: 'shibboleth',
  };
  const snapshot = await gather(
    fakeAzure(withAnswers([/appsettings\/list/, { properties: settings }])),
    appId,
  );
  expect(JSON.stringify(snapshot)).not.toContain('shibboleth');
  expect(snapshot.sites[0]!.appSettings).toEqual({
    known: true,
    value: { registryHost: 'hoge.azurecr.io', username: 'other', password: true, defaultsTravel: true },
  });
});

test('a registry in another subscription is found by one query, and its roles are read there', async () => {
  const elsewhere = registryId.replace('/subscriptions/s/', '/subscriptions/t/');
  const azure = fakeAzure(
    withAnswers(
      [/subscriptions\/s\/providers\/Microsoft.ContainerRegistry\/registries$/, { value: [] }],
      [/POST \S+Microsoft.ResourceGraph\/resources/, { data: [{ id: elsewhere }] }],
      [/GET \S+subscriptions\/t\/resourceGroups\/blog\S+registries\/hoge$/, registry(elsewhere)],
      [/GET \S+\/subscriptions\/t$/, { tenantId }],
      [/subscriptions\/s\/providers\/Microsoft.Authorization\/roleAssignments/, { value: [] }],
      [
        /subscriptions\/t\/providers\/Microsoft.Authorization\/roleAssignments/,
        { value: [assignment(principalId, elsewhere)] },
      ],
    ),
  );
  expect(failed(await gather(azure, appId))).toEqual([[], [], [], []]);
});

test('identities: each is looked up, and one that is not there is deleted, unless it cannot be seen', async () => {
  const identity = {
    type: 'UserAssigned',
    userAssignedIdentities: { [userAssigned.id]: { ...userAssigned } },
  };
  const read = async (...answers: Answers) =>
    (await gather(fakeAzure(withAnswers([/sites\/hoge-app$/, site('', { identity })], ...answers)), appId))
      .userAssignedIdentities[userAssigned.id.toLowerCase()];
  expect(await read()).toEqual({ known: true, value: null });
  const hidden = { status: 404, body: { error: { code: 'SubscriptionNotFound', message: 'm' } } };
  expect(await read([/userAssignedIdentities\/puller/, hidden])).toMatchObject({
    known: false,
    because: { kind: 'not-visible' },
  });
});

describe('what may not be read is unknown, with the action that was denied', () => {
  test.each<[string, RegExp, string[]]>([
    ['Microsoft.Web/sites/config/read', /config\/web/, ['A13 unknown', 'A1 unknown']],
    ['Microsoft.Web/sites/config/list/action', /appsettings/, []],
    ['Microsoft.Authorization/roleAssignments/read', /assignedTo/, ['B2 unknown']],
    ['Microsoft.Authorization/denyAssignments/read', /denyAssignments/, []],
    [
      'Microsoft.ContainerRegistry/registries/read',
      /registries$/,
      ['B12 unknown', 'B2 unknown', 'D1 unknown'],
    ],
    ['Microsoft.Resources/subscriptions/read', /subscriptions\/s$/, []],
  ])('%s', async (action, pattern, findings) => {
    const snapshot = await gather(fakeAzure(withAnswers([pattern, forbidden(action)])), appId);
    expect(JSON.stringify(snapshot)).toContain(action);
    expect(failed(snapshot)[0]).toEqual(findings);
  });
});

test('the containers of a site with sidecars are read, and theirs alone', async () => {
  const azure = fakeAzure(
    withAnswers(
      [/slots\/b\/config\/web/, config({ linuxFxVersion: 'SITECONTAINERS' })],
      [
        /GET \S+slots\/b\/sitecontainers$/,
        {
          value: [
            {
              name: 'hoge-app/b/main',
              properties: {
                image: 'hoge.azurecr.io/app:1',
                isMain: true,
                authType: 'Anonymous',
                passwordSecret: 'x',
              },
            },
          ],
        },
      ],
    ),
  );
  const snapshot = await gather(azure, appId);
  expect(snapshot.sites[2]!.containers).toEqual({
    known: true,
    value: [
      {
        name: 'main',
        image: 'hoge.azurecr.io/app:1',
        isMain: true,
        authType: 'Anonymous',
        userManagedIdentityClientId: null,
      },
    ],
  });
  expect(failed(snapshot)).toEqual([[], [], ['A19 fail'], []]);
  expect(azure.waves.flat().filter((name) => name.includes('sitecontainers'))).toHaveLength(1);
});

describe('no secret gets into a snapshot, wherever Azure has one:', () => {
  const secrets = fc.stringMatching(/^[a-z0-9]{12,20}$/);
  /** Beside whatever is read, in each object of each answer. */
  const plant = (answer: unknown, secret: string): unknown => {
    if (Array.isArray(answer)) return answer.map((item) => plant(item, secret));
    if (typeof answer !== 'object' || answer === null) return answer;
    const planted = Object.entries(answer).map(([name, value]) => [name, plant(value, secret)]);
    return { ...Object.fromEntries(planted), primaryKey: secret, annotations: { password: secret } };
  };
  const settings = (secret: string) => ({
    WEBSITES_PORT: secret,
    DOCKER_REGISTRY_SERVER_URL: `https://admin:${secret}@hoge.azurecr.io/v1?sig=${secret}`,
    DOCKER_REGISTRY_SERVER_USERNAME: secret,
    DOCKER_REGISTRY_SERVER_PASSWORD: secret,
  });
  const encoded = (secret: string) => Buffer.from(`environment: [KEY=${secret}]`).toString('base64');
  const container = (secret: string) => ({
    name: 'main',
    properties: {
      image: `admin:${secret}@hoge.azurecr.io/app:1`,
      isMain: true,
      authType: 'UserCredentials',
      userName: secret,
      passwordSecret: secret,
      environmentVariables: [{ name: 'KEY', value: secret }],
    },
  });

  test.each<[where: string, fxVersion: (secret: string) => string]>([
    ['in settings, tokens and keys', () => 'DOCKER|hoge.azurecr.io/app:1'],
    ['before the host of an image', (secret) => `DOCKER|admin:${secret}@hoge.azurecr.io/app:1`],
    ['before the host of a URL', (secret) => `DOCKER|https://admin:${secret}@hoge.azurecr.io/app:1`],
    ['in a Compose file', (secret) => `COMPOSE|${encoded(secret)}`],
    ['in sidecars', () => 'SITECONTAINERS'],
  ])('%s', async (_, fxVersion) => {
    const property = fc.asyncProperty(secrets, async (secret) => {
      const azure = fakeAzure([
        [
          /\/config\/web$/,
          config({ linuxFxVersion: fxVersion(secret), windowsFxVersion: fxVersion(secret) }),
        ],
        [/\/appsettings\/list$/, { properties: settings(secret) }],
        [/\/sitecontainers$/, { value: [container(secret)] }],
        [/oauth2\/exchange/, { refresh_token: secret }],
        [/oauth2\/token/, { access_token: secret }],
        ...healthy.map(([pattern, answer]): Answers[number] => [pattern, plant(answer, secret)]),
      ]);
      const saved = formatSnapshot(await gather(azure, appId));
      expect(saved).not.toContain(secret);
      expect(saved).not.toContain(encoded(secret));
    });
    await fc.assert(property, { numRuns: 20 });
  });
});
