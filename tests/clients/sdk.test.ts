import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { armCall } from '../resource-manager.ts';
import { missing } from '../tools.ts';
import { signIn } from './az-versions.ts';
import { type Sdk, startSdk } from './sdk.ts';

// The Azure SDKs for JavaScript, unmodified, on the pull path: each test builds on the one before. What stands in
// `sdk.call` runs in a process that knows no more of the local Azure than its environment says.

const host = 'hogehoge.azurecr.io';
let azure: LocalAzureProcess;
let sdk: Sdk;
let group: string;

beforeAll(async () => {
  azure = await startLocalAzure({ args: ['--engine', 'none'] });
  group = `/subscriptions/${azure.subscriptionId}/resourceGroups/sdk`;
  await armCall(azure, 'PUT', group, '2021-04-01', { location: 'japaneast' });
  sdk = await startSdk(azure);
});
afterAll(async () => {
  await sdk?.close();
  await azure?.stop();
});

describe('@azure/arm-containerregistry', () => {
  test('create, update, get and list; names and credentials', async () => {
    const free = await sdk.call(({ registries }) =>
      registries.registries.checkNameAvailability({
        ...{ name: 'hogehoge', type: 'Microsoft.ContainerRegistry/registries' },
      }),
    );
    expect(free).toMatchObject({ nameAvailable: true });
    const made = await sdk.call(({ registries }) =>
      registries.registries.create('sdk', 'hogehoge', { location: 'japaneast', sku: { name: 'Standard' } }),
    );
    expect(made).toMatchObject({
      loginServer: host,
      provisioningState: 'Succeeded',
      adminUserEnabled: false,
    });
    await sdk.call(({ registries }) =>
      registries.registries.beginUpdateAndWait('sdk', 'hogehoge', {
        adminUserEnabled: true,
        tags: { a: 'b' },
      }),
    );
    const credentials = await sdk.call(({ registries }) =>
      registries.registries.listCredentials('sdk', 'hogehoge'),
    );
    expect(credentials.username).toBe('hogehoge');
    const listed = await sdk.call(({ registries, all }) => all(registries.registries.list()));
    expect(listed).toMatchObject([{ id: made.id, tags: { a: 'b' } }]);
  });
});

describe('@azure/arm-appservice', () => {
  test('a plan, a site that pulls with its identity, and a slot', async () => {
    const plan = await sdk.call(({ web }) =>
      web.appServicePlans.createOrUpdate('sdk', 'plan', {
        ...{ location: 'japaneast', kind: 'linux', reserved: true, sku: { name: 'S1' } },
      }),
    );
    const site = await sdk.call(
      ({ web }, { planId, image }) =>
        web.webApps.createOrUpdate('sdk', 'sdk-app', {
          location: 'japaneast',
          kind: 'app,linux,container',
          serverFarmId: planId,
          identity: { type: 'SystemAssigned' },
          siteConfig: {
            linuxFxVersion: image,
            acrUseManagedIdentityCreds: true,
            appSettings: [{ name: 'COLOUR', value: 'red' }],
          },
        }),
      { planId: plan.id!, image: `DOCKER|${host}/hello:1` },
    );
    expect(site).toMatchObject({
      state: 'Running',
      defaultHostName: 'sdk-app.azurewebsites.net',
      identity: { principalId: expect.any(String) },
    });
    const slot = await sdk.call(
      ({ web }, planId) =>
        web.webApps.beginCreateOrUpdateSlotAndWait('sdk', 'sdk-app', 'staging', {
          ...{ location: 'japaneast', serverFarmId: planId, identity: { type: 'SystemAssigned' } },
        }),
      plan.id!,
    );
    expect(slot).toMatchObject({ name: 'sdk-app/staging', identity: { type: 'SystemAssigned' } });
    const names = await sdk.call(async ({ web, all }) => ({
      apps: (await all(web.webApps.listByResourceGroup('sdk'))).map(({ name }) => name),
      slots: (await all(web.webApps.listSlots('sdk', 'sdk-app'))).map(({ name }) => name),
    }));
    expect(names).toEqual({ apps: ['sdk-app'], slots: ['sdk-app/staging'] });
  });

  test('the apps of a plan, in pages', async () => {
    const pages = await sdk.call(async ({ web }) => {
      const { serverFarmId } = await web.webApps.get('sdk', 'sdk-app');
      for (const name of ['sdk-one', 'sdk-two'])
        await web.webApps.createOrUpdate('sdk', name, { location: 'japaneast', serverFarmId: serverFarmId! });
      const pages = [];
      for await (const page of web.appServicePlans.listWebApps('sdk', 'plan', { top: '2' }).byPage())
        pages.push(page.map(({ name }) => name));
      for (const name of ['sdk-one', 'sdk-two']) await web.webApps.delete('sdk', name);
      return pages;
    });
    expect(pages).toEqual([['sdk-app', 'sdk-one'], ['sdk-two']]);
  });

  test('configuration, application settings, and what stays with its slot', async () => {
    const config = await sdk.call(({ web }) => web.webApps.getConfiguration('sdk', 'sdk-app'));
    expect(config).toMatchObject({
      acrUseManagedIdentityCreds: true,
      linuxFxVersion: `DOCKER|${host}/hello:1`,
    });
    const changed = await sdk.call(({ web }) =>
      web.webApps.updateConfigurationSlot('sdk', 'sdk-app', 'staging', {
        ...{ acrUseManagedIdentityCreds: true, alwaysOn: true },
      }),
    );
    expect(changed).toMatchObject({ acrUseManagedIdentityCreds: true, alwaysOn: true });
    const settings = await sdk.call(async ({ web }) => {
      const { properties } = await web.webApps.listApplicationSettings('sdk', 'sdk-app');
      return web.webApps.updateApplicationSettings('sdk', 'sdk-app', {
        properties: { ...properties, WEBSITES_PORT: '8080' },
      });
    });
    expect(settings.properties).toEqual({ COLOUR: 'red', WEBSITES_PORT: '8080' });
    const differences = await sdk.call(async ({ web, all }) => {
      await web.webApps.updateSlotConfigurationNames('sdk', 'sdk-app', { appSettingNames: ['COLOUR'] });
      const target = { targetSlot: 'staging', preserveVnet: true };
      return all(web.webApps.listSlotDifferencesFromProduction('sdk', 'sdk-app', target));
    });
    expect(differences.map(({ settingName }) => settingName)).toContain('COLOUR');
  });

  test('restart, stop, start', async () => {
    const state = await sdk.call(async ({ web }) => {
      await web.webApps.restart('sdk', 'sdk-app');
      await web.webApps.stop('sdk', 'sdk-app');
      const { state: stopped } = await web.webApps.get('sdk', 'sdk-app');
      await web.webApps.start('sdk', 'sdk-app');
      const { state: started } = await web.webApps.get('sdk', 'sdk-app');
      return { stopped, started };
    });
    expect(state).toEqual({ stopped: 'Stopped', started: 'Running' });
  });

  test("what is not there has Resource Manager's own error", async () => {
    await expect(sdk.call(({ web }) => web.webApps.get('sdk', 'nothing'))).rejects.toMatchObject({
      name: 'RestError',
      statusCode: 404,
      code: 'ResourceNotFound',
    });
  });
});

describe('@azure/arm-msi', () => {
  test('an identity, attached to a slot', async () => {
    const identity = await sdk.call(({ identities }) =>
      identities.userAssignedIdentities.createOrUpdate('sdk', 'puller', { location: 'japaneast' }),
    );
    const { attached, named } = await sdk.call(
      async ({ web }, { id, clientId }) => {
        const userAssigned = { type: 'UserAssigned' as const, userAssignedIdentities: { [id]: {} } };
        const slot = await web.webApps.updateSlot('sdk', 'sdk-app', 'staging', { identity: userAssigned });
        const config = { acrUserManagedIdentityID: clientId };
        const { acrUserManagedIdentityID } = await web.webApps.updateConfigurationSlot(
          ...(['sdk', 'sdk-app', 'staging', config] as const),
        );
        return { attached: slot.identity, named: acrUserManagedIdentityID };
      },
      { id: identity.id!, clientId: identity.clientId! },
    );
    expect(attached?.userAssignedIdentities?.[identity.id!]).toMatchObject({
      principalId: identity.principalId,
      clientId: identity.clientId,
    });
    expect(named).toBe(identity.clientId);
  });

  test('federated credentials, in pages', async () => {
    const pages = await sdk.call(async ({ identities }) => {
      const { federatedIdentityCredentials: credentials } = identities;
      for (const subject of ['main', 'release', 'test']) {
        await credentials.createOrUpdate('sdk', 'puller', subject, {
          ...{ issuer: 'https://token.actions.githubusercontent.com', subject },
          audiences: ['api://AzureADTokenExchange'],
        });
      }
      const pages = [];
      for await (const page of credentials.list('sdk', 'puller', { top: 2 }).byPage()) pages.push(page);
      await credentials.delete('sdk', 'puller', 'main');
      return pages;
    });
    expect(pages.map((page) => page.map(({ subject }) => subject))).toEqual([['main', 'release'], ['test']]);
  });
});

describe('@azure/arm-authorization', () => {
  test('a role found by its name, assigned once, listed and taken away', async () => {
    const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hogehoge`;
    const { principalId, role, assignment, again, held } = await sdk.call(
      async ({ authorization, web, all }, scope) => {
        const { identity } = await web.webApps.get('sdk', 'sdk-app');
        const principalId = identity!.principalId!;
        const { roleDefinitions, roleAssignments } = authorization;
        const [role] = await all(roleDefinitions.list(scope, { filter: "roleName eq 'AcrPull'" }));
        const grant = () =>
          roleAssignments.create(scope, crypto.randomUUID(), {
            ...{ roleDefinitionId: role!.id!, principalId, principalType: 'ServicePrincipal' },
          });
        const assignment = await grant();
        const again = await grant().then(
          () => 'taken',
          ({ code }) => code,
        );
        const filter = `principalId eq '${principalId}'`;
        const held = await all(roleAssignments.listForResourceGroup('sdk', { filter }));
        return { principalId, role, assignment, again, held };
      },
      registry,
    );
    expect(role).toMatchObject({ roleName: 'AcrPull', roleType: 'BuiltInRole' });
    expect(assignment).toMatchObject({ scope: registry, principalId, principalType: 'ServicePrincipal' });
    expect(again).toBe('RoleAssignmentExists');
    expect(held).toMatchObject([{ id: assignment.id }]);
    const left = await sdk.call(
      async ({ authorization, all }, { id, scope }) => {
        await authorization.roleAssignments.deleteById(id);
        return all(authorization.roleAssignments.listForScope(scope, { filter: 'atScope()' }));
      },
      { id: assignment.id!, scope: registry },
    );
    expect(left.map(({ principalId }) => principalId)).not.toContain(principalId);
  });

  test('permissions, and a principal that does not exist', async () => {
    const permissions = await sdk.call(({ authorization, all }) =>
      all(authorization.permissions.listForResourceGroup('sdk')),
    );
    expect(permissions).toMatchObject([{ actions: ['*'] }]);
    const nobody = sdk.call(async ({ authorization }, scope) => {
      const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
      await authorization.roleAssignments.create(scope, crypto.randomUUID(), {
        roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`,
        principalId: crypto.randomUUID(),
      });
    }, group);
    await expect(nobody).rejects.toMatchObject({ statusCode: 400, code: 'PrincipalNotFound' });
  });
});

describe('@azure/container-registry', () => {
  test('push', async () => {
    const digests = await sdk.call(async ({ repository }, host) => {
      const pushed = [];
      for (const tag of ['1', '2', '3']) {
        const content = repository(host, 'hello');
        const config = await content.uploadBlob(Buffer.from(JSON.stringify({ tag })));
        const layer = await content.uploadBlob(Buffer.from(`layer ${tag}`));
        const manifest = {
          schemaVersion: 2,
          config: {
            mediaType: 'application/vnd.oci.image.config.v1+json',
            digest: config.digest,
            size: config.sizeInBytes,
          },
          layers: [
            {
              mediaType: 'application/vnd.oci.image.layer.v1.tar',
              digest: layer.digest,
              size: layer.sizeInBytes,
            },
          ],
        };
        pushed.push((await content.setManifest(manifest, { tag })).digest);
      }
      return pushed;
    }, host);
    expect(new Set(digests).size).toBe(3);
  });

  test('repositories, manifests and tags in pages; a lock; deletion', async () => {
    const found = await sdk.call(async ({ registry, all }, host) => {
      const client = registry(host);
      const repositories = await all(client.listRepositoryNames());
      const hello = client.getRepository('hello');
      const pages = [];
      for await (const page of hello.listManifestProperties().byPage({ maxPageSize: 2 })) pages.push(page);
      const [newest] = await all(hello.listManifestProperties({ order: 'LastUpdatedOnDescending' }));
      const artifact = hello.getArtifact('1');
      await artifact.updateTagProperties('1', { canDelete: false });
      const locked = await artifact.deleteTag('1').then(
        () => 'deleted',
        ({ statusCode }) => statusCode,
      );
      await artifact.updateTagProperties('1', { canDelete: true });
      await artifact.deleteTag('1');
      const tags = (await all(artifact.listTagProperties())).map(({ name }) => name);
      await hello.getArtifact('3').delete();
      const { manifestCount } = await hello.getProperties();
      await hello.delete();
      return {
        ...{ repositories, pages: pages.map(({ length }) => length), newest: newest?.tags, locked },
        ...{ tags, manifestCount, left: await all(client.listRepositoryNames()) },
      };
    }, host);
    expect(found).toEqual({
      ...{ repositories: ['hello'], pages: [2, 1], newest: ['3'], locked: 405 },
      ...{ tags: ['2', '3'], manifestCount: 2, left: [] },
    });
  });
});

test('everything is deleted', async () => {
  const left = await sdk.call(async ({ web, identities, registries, all }) => {
    await web.webApps.deleteSlot('sdk', 'sdk-app', 'staging');
    await web.webApps.delete('sdk', 'sdk-app', { deleteEmptyServerFarm: false });
    await web.appServicePlans.delete('sdk', 'plan');
    await identities.userAssignedIdentities.delete('sdk', 'puller');
    await registries.registries.beginDeleteAndWait('sdk', 'hogehoge');
    return [
      ...(await all(web.webApps.list())),
      ...(await all(web.appServicePlans.list())),
      ...(await all(registries.registries.list())),
    ];
  });
  expect(left).toEqual([]);
});

const lacking = missing('az');
test.skipIf(lacking)(`DefaultAzureCredential by az${lacking ? ' (skipped: no az here)' : ''}`, async () => {
  await signIn(azure, 'az');
  const byAz = await startSdk(azure, { AZURE_CLIENT_ID: undefined, AZURE_CLIENT_SECRET: undefined });
  try {
    expect(await byAz.call(({ web, all }) => all(web.webApps.list()))).toEqual([]);
  } finally {
    await byAz.close();
  }
});
