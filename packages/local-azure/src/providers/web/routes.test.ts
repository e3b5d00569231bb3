import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer } from '../../../test/arm-server.ts';
import type { SiteDirectory } from '../../app-service/site.ts';
import { webRoutes } from './routes.ts';
import { createSiteDirectory } from './site-directory.ts';

const group = `${root}/resourceGroups/blog`;
const web = `${group}/providers/Microsoft.Web`;
const plan = (name: string) => `${web}/serverfarms/${name}`;
const app = (name: string) => `${web}/sites/${name}`;
const slot = (name: string, of = 'staging') => `${app(name)}/slots/${of}`;
const image = 'DOCKER|hoge.azurecr.io/app:0.1.0';

let arm: ArmServer;
let sites: SiteDirectory;
/** What App Service was asked to do, such as `restart hoge-app`. */
let asked: string[];
let count = 0;

const note = (what: string) => (id: string) => {
  asked.push(`${what} ${id.slice(web.length + '/sites/'.length)}`);
};

beforeAll(async () => {
  arm = await startArmServer(({ resources, entra }) => {
    sites = createSiteDirectory(resources, entra.principals);
    const appService = {
      restart: note('restart'),
      stop: note('stop'),
      remove: note('remove'),
      state: () => 'running' as const,
      containerLog: (id: string) => (id === app('first') ? 'a line' : ''),
    };
    return webRoutes({ resources, entra, appService });
  });
  await arm.call('PUT', group, { body: { location: 'japaneast' } });
  for (const [name, sku] of Object.entries({ plan: 'S1', basic: 'B1', free: 'F1' })) {
    await makePlan(name, sku);
  }
});
afterAll(async () => {
  expect(arm.errors).toEqual([]);
  await arm.close();
});
beforeEach(() => {
  asked = [];
});

const makePlan = (name: string, sku: string) =>
  arm.call('PUT', plan(name), {
    body: { location: 'japaneast', kind: 'linux', sku: { name: sku }, properties: { reserved: true } },
  });

const siteBody = (siteConfig: object = {}, more: object = {}, of = 'plan') => ({
  location: 'Japan East',
  properties: { serverFarmId: plan(of), siteConfig: { linuxFxVersion: image, ...siteConfig } },
  ...more,
});

/** A new app with a name of its own. */
async function makeApp(body: object = siteBody()): Promise<string> {
  count += 1;
  const name = `hoge${count}`;
  const made = await arm.call('PUT', app(name), { body });
  expect(made.status).toBe(200);
  asked = [];
  return name;
}

const config = async (id: string) => (await arm.call('GET', `${id}/config/web`)).body.properties;
const settings = async (id: string) =>
  (await arm.call('POST', `${id}/config/appsettings/list`)).body.properties;

describe('a plan', () => {
  test('shows what its tier allows', async () => {
    expect((await arm.call('GET', plan('plan'))).body).toMatchObject({
      kind: 'linux',
      location: 'Japan East',
      sku: { name: 'S1', tier: 'Standard', size: 'S1', family: 'S', capacity: 1 },
      properties: {
        reserved: true,
        maximumNumberOfWorkers: 10,
        status: 'Ready',
        provisioningState: 'Succeeded',
      },
    });
  });

  test('is scaled by PATCH', async () => {
    const scaled = await arm.call('PATCH', plan('plan'), { body: { sku: { name: 'P1v3', capacity: 2 } } });
    expect(scaled.body.sku).toEqual({
      name: 'P1v3',
      tier: 'PremiumV3',
      size: 'P1v3',
      family: 'Pv3',
      capacity: 2,
    });
    await arm.call('PATCH', plan('plan'), { body: { sku: { name: 'S1', capacity: 1 } } });
  });

  test.each<[string, object]>([
    ['an unknown tier', { sku: { name: 'Z9' } }],
    ['too many workers', { sku: { name: 'B1', capacity: 4 } }],
  ])('refuses %s', async (_what, change) => {
    const { status, body } = await arm.call('PUT', plan('other'), {
      body: { location: 'japaneast', ...change },
    });
    expect([status, body.Code]).toEqual([400, 'BadRequest']);
  });

  test('is not deleted while apps are on it', async () => {
    await makePlan('busy', 'S1');
    const name = await makeApp(siteBody({}, {}, 'busy'));
    expect((await arm.call('GET', plan('busy'))).body.properties.numberOfSites).toBe(1);
    const refused = await arm.call('DELETE', plan('busy'));
    expect([refused.status, refused.body.Message]).toEqual([409, expect.stringContaining(name)]);
    await arm.call('DELETE', `${app(name)}?deleteEmptyServerFarm=false`);
    expect((await arm.call('DELETE', plan('busy'))).status).toBe(200);
  });

  test('goes with its last app', async () => {
    await makePlan('lonely', 'S1');
    const name = await makeApp(siteBody({}, {}, 'lonely'));
    await arm.call('DELETE', app(name));
    expect((await arm.call('GET', plan('lonely'))).status).toBe(404);
  });
});

describe('a site', () => {
  test('is made, shown without its configuration, and started', async () => {
    const { status, body } = await arm.call('PUT', app('first'), {
      body: siteBody({ acrUseManagedIdentityCreds: true }),
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: app('first'),
      name: 'first',
      type: 'Microsoft.Web/sites',
      kind: 'app,linux,container',
      location: 'Japan East',
      properties: {
        state: 'Running',
        serverFarmId: plan('plan'),
        defaultHostName: 'first.azurewebsites.net',
        enabledHostNames: ['first.azurewebsites.net', 'first.scm.azurewebsites.net'],
        reserved: true,
        siteConfig: null,
        sku: 'Standard',
      },
    });
    expect(body.identity).toBeUndefined();
    expect(asked).toEqual(['restart first']);
    const lists = [`${web}/sites`, `${root}/providers/Microsoft.Web/sites`, `${plan('plan')}/sites`];
    for (const list of lists) {
      expect((await arm.call('GET', list)).body.value.map((one: { id: string }) => one.id)).toContain(
        app('first'),
      );
    }
    expect(sites.spec(app('first'))).toMatchObject({
      name: 'first',
      hostName: 'first.azurewebsites.net',
      linuxFxVersion: image,
      acrUseManagedIdentityCreds: true,
      enabled: true,
    });
  });

  test('keeps its configuration when its own GET is PUT back', async () => {
    const name = await makeApp(siteBody({ acrUseManagedIdentityCreds: true }, { tags: { team: 'a' } }));
    const { body } = await arm.call('GET', app(name));
    const again = await arm.call('PUT', app(name), { body });
    expect(again.body.tags).toEqual({ team: 'a' });
    expect(await config(app(name))).toMatchObject({
      linuxFxVersion: image,
      acrUseManagedIdentityCreds: true,
    });
  });

  test('has a name that is its own in all of Azure, also against slots', async () => {
    await makeApp();
    await arm.call('PUT', app('pair'), { body: siteBody() });
    await arm.call('PUT', slot('pair', 'x'), { body: siteBody() });
    const check = async (name: string) =>
      (
        await arm.call('POST', `${root}/providers/Microsoft.Web/checknameavailability`, {
          body: { name, type: 'Site' },
        })
      ).body;
    expect(await check('PAIR')).toMatchObject({ nameAvailable: false, reason: 'AlreadyExists' });
    expect(await check('pair-x')).toMatchObject({ nameAvailable: false });
    expect(await check('a.b')).toMatchObject({ nameAvailable: false, reason: 'Invalid' });
    expect(await check('free-name')).toMatchObject({ nameAvailable: true });
    const refused = await arm.call('PUT', app('pair-x'), { body: siteBody() });
    expect([refused.status, refused.body]).toMatchObject([
      409,
      {
        Code: 'Conflict',
        Message: 'Website with given name pair-x already exists.',
        Details: [{}, {}, { ErrorEntity: { ExtendedCode: '54001', Parameters: ['pair-x'] } }],
      },
    ]);
  });

  test.each<[string, string, object, number, string]>([
    ['a bad name', '-bad', siteBody(), 400, 'invalid'],
    ['no plan', 'valid', { location: 'japaneast', properties: {} }, 400, 'ServerFarmId'],
    ['an unknown plan', 'valid', siteBody({}, {}, 'nope'), 404, 'Cannot find ServerFarm with name nope.'],
    ['a setting of the wrong type', 'valid', siteBody({ alwaysOn: 'often' }), 400, 'alwaysOn'],
    ['always on, on a free plan', 'valid', siteBody({ alwaysOn: true }, {}, 'free'), 409, 'AlwaysOn'],
  ])('refuses %s, and leaves nothing behind', async (_what, name, body, status, message) => {
    const refused = await arm.call('PUT', app(name), { body });
    expect([refused.status, refused.body.Message]).toEqual([status, expect.stringContaining(message)]);
    expect((await arm.call('GET', app(name))).status).toBe(404);
    expect(asked).toEqual([]);
  });

  test('gives the log of its container', async () => {
    expect((await arm.call('POST', `${app('first')}/containerlogs`)).body).toBe('a line');
    expect((await arm.call('POST', `${app(await makeApp())}/containerlogs`)).status).toBe(204);
  });

  test('that does not exist has no parts either', async () => {
    for (const path of ['', '/config/web', '/slots', '/publishxml', '/slots/x/config/web']) {
      const method = path === '/publishxml' ? 'POST' : 'GET';
      const { status, body } = await arm.call(method, `${app('nosuch')}${path}`);
      expect([status, body.error.code]).toEqual([404, 'ResourceNotFound']);
    }
    expect((await arm.call('DELETE', app('nosuch'))).status).toBe(204);
  });

  test('is stopped, started and restarted', async () => {
    const name = await makeApp();
    await arm.call('POST', `${app(name)}/stop`);
    expect((await arm.call('GET', app(name))).body.properties).toMatchObject({
      state: 'Stopped',
      enabled: false,
    });
    expect(sites.spec(app(name))!.enabled).toBe(false);
    await arm.call('POST', `${app(name)}/start`);
    await arm.call('POST', `${app(name)}/restart`);
    expect(asked).toEqual([`stop ${name}`, `restart ${name}`, `restart ${name}`]);
    expect(sites.spec(app(name))!.enabled).toBe(true);
  });
});

describe('a slot', () => {
  test('is a site of its own', async () => {
    const name = await makeApp(
      siteBody({ acrUseManagedIdentityCreds: true }, { identity: { type: 'SystemAssigned' } }),
    );
    const { status, body } = await arm.call('PUT', slot(name), { body: { location: 'japaneast' } });
    expect([status, body]).toMatchObject([
      200,
      {
        id: slot(name),
        name: `${name}/staging`,
        type: 'Microsoft.Web/sites/slots',
        kind: 'app,linux,container',
        properties: { defaultHostName: `${name}-staging.azurewebsites.net`, serverFarmId: plan('plan') },
      },
    ]);
    expect(body.identity).toBeUndefined();
    expect(await config(slot(name))).toMatchObject({ linuxFxVersion: '', acrUseManagedIdentityCreds: false });
    expect(sites.spec(slot(name))).toMatchObject({
      name: `${name}__staging`,
      identity: { userAssigned: [] },
    });
    expect(sites.byHost(`${name}-staging.azurewebsites.net`)).toBe(slot(name));
    expect(sites.byHost(`${name}-staging.scm.azurewebsites.net`)).toBe(slot(name));
    expect((await arm.call('GET', `${app(name)}/slots`)).body.value).toHaveLength(1);
  });

  test('needs an app, a plan that has slots, and another name than production', async () => {
    const orphan = await arm.call('PUT', slot('nosuch'), { body: siteBody() });
    expect([orphan.status, orphan.body.error.code]).toEqual([404, 'ParentResourceNotFound']);
    const basic = await makeApp(siteBody({}, {}, 'basic'));
    const refused = await arm.call('PUT', slot(basic), { body: siteBody({}, {}, 'basic') });
    expect([refused.status, refused.body.Message]).toEqual([
      409,
      "Cannot complete the operation because the site will exceed the number of slots allowed for the 'Basic' SKU.",
    ]);
    const name = await makeApp();
    expect((await arm.call('PUT', slot(name, 'Production'), { body: siteBody() })).status).toBe(400);
    for (const one of ['a', 'b', 'c', 'd', 'e']) {
      expect((await arm.call('PUT', slot(name, one), { body: siteBody() })).status).toBe(200);
    }
    expect((await arm.call('PUT', slot(name, 'f'), { body: siteBody() })).status).toBe(409);
  });

  test('goes with its app, and with both go their principals', async () => {
    const identity = { identity: { type: 'SystemAssigned' } };
    const name = await makeApp(siteBody({}, identity));
    await arm.call('PUT', slot(name), { body: siteBody({}, identity) });
    const ids = [app(name), slot(name)].map((id) => sites.spec(id)!.identity.systemAssigned!.principalId);
    expect(new Set(ids).size).toBe(2);
    asked = [];
    await arm.call('DELETE', app(name));
    expect(asked).toEqual([`remove ${name}/slots/staging`, `remove ${name}`]);
    for (const id of ids) expect(arm.principals.get(id)).toBeUndefined();
    expect(sites.spec(slot(name))).toBeUndefined();
    // A later app of that name begins anew.
    await arm.call('PUT', app(name), { body: siteBody({ linuxFxVersion: '' }) });
    expect(await settings(app(name))).toEqual({});
  });
});

describe('an identity', () => {
  const identityOf = async (id: string, identity: object) =>
    (await arm.call('PATCH', id, { body: { identity } })).body.identity;

  test('is made once, survives other writes, and comes back as another', async () => {
    const name = await makeApp();
    const first = await identityOf(app(name), { type: 'SystemAssigned' });
    expect(first).toMatchObject({
      type: 'SystemAssigned',
      principalId: expect.any(String),
      tenantId: expect.any(String),
    });
    expect(arm.principals.get(first.principalId)).toMatchObject({ displayName: name, resourceId: app(name) });
    expect(await identityOf(app(name), { type: 'SystemAssigned' })).toEqual(first);
    await arm.call('PUT', app(name), { body: siteBody() });
    expect((await arm.call('GET', app(name))).body.identity).toEqual(first);
    expect(await identityOf(app(name), { type: 'None' })).toBeUndefined();
    expect(arm.principals.get(first.principalId)).toBeUndefined();
    expect((await identityOf(app(name), { type: 'SystemAssigned' })).principalId).not.toBe(first.principalId);
  });

  test('of a user must exist', async () => {
    const name = await makeApp();
    const id = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller`;
    const wanted = { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: { [id]: {} } };
    const refused = await arm.call('PATCH', app(name), { body: { identity: wanted } });
    expect([refused.status, refused.body.error.code]).toEqual([400, 'FailedIdentityOperation']);
    const properties = { principalId: 'p', clientId: 'c' };
    arm.resources.put(id, 'Microsoft.ManagedIdentity/userAssignedIdentities', { properties });
    expect(await identityOf(app(name), wanted)).toMatchObject({
      type: 'SystemAssigned, UserAssigned',
      userAssignedIdentities: { [id]: properties },
    });
    expect(sites.spec(app(name))!.identity.userAssigned).toEqual([properties]);
    expect(
      await identityOf(app(name), { type: 'UserAssigned', userAssignedIdentities: { [id]: {} } }),
    ).toEqual({
      type: 'UserAssigned',
      userAssignedIdentities: { [id]: properties },
    });
  });

  test('of an unknown type is refused', async () => {
    const name = await makeApp();
    const refused = await arm.call('PATCH', app(name), { body: { identity: { type: 'Borrowed' } } });
    expect([refused.status, refused.body.error.code]).toEqual([400, 'InvalidIdentityType']);
  });
});

describe('settings', () => {
  test('of config/web are merged, for PUT and PATCH alike, and restart the site', async () => {
    const name = await makeApp();
    for (const method of ['PATCH', 'PUT']) {
      const properties = { acrUseManagedIdentityCreds: method === 'PUT', linuxFxVersion: null, invented: 1 };
      const { body } = await arm.call(method, `${app(name)}/config/web`, { body: { properties } });
      expect(body).toMatchObject({ name, type: 'Microsoft.Web/sites/config' });
      expect(body.properties).toMatchObject({
        acrUseManagedIdentityCreds: method === 'PUT',
        linuxFxVersion: image,
      });
      expect(body.properties.invented).toBeUndefined();
    }
    expect(asked).toEqual([`restart ${name}`, `restart ${name}`]);
  });

  test.each([
    ['11111111-2222-3333-4444-555555555555', '11111111-2222-3333-4444-555555555555'],
    ['/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i', null],
    ['', null],
  ])('acrUserManagedIdentityID %j is read back as %j', async (given, kept) => {
    const name = await makeApp();
    const properties = { acrUserManagedIdentityID: given };
    await arm.call('PATCH', `${app(name)}/config/web`, { body: { properties } });
    expect((await config(app(name))).acrUserManagedIdentityID).toBe(kept);
  });

  test('of the app are replaced as a whole', async () => {
    const name = await makeApp(siteBody({ appSettings: [{ name: 'A', value: '1' }] }));
    expect(await settings(app(name))).toEqual({ A: '1' });
    await arm.call('PUT', `${app(name)}/config/appsettings`, { body: { properties: { B: '2', C: true } } });
    expect(await settings(app(name))).toEqual({ B: '2', C: 'true' });
    expect(sites.spec(app(name))!.appSettings).toEqual({ B: '2', C: 'true' });
    expect((await arm.call('GET', `${app(name)}/config/appsettings`)).status).toBe(405);
  });

  test('cannot be read by a Reader where they may hold secrets', async () => {
    const name = await makeApp(siteBody({ appSettings: [{ name: 'PASSWORD', value: 'secret' }] }));
    const reader = arm.principal('reader');
    arm.grant(reader, 'Reader', app(name));
    expect((await arm.call('GET', `${app(name)}/config/web`, { as: reader })).status).toBe(200);
    for (const path of ['appsettings', 'connectionstrings', 'publishingcredentials', 'metadata']) {
      const refused = await arm.call('POST', `${app(name)}/config/${path}/list`, { as: reader });
      expect([path, refused.status, refused.body.error.code]).toEqual([path, 403, 'AuthorizationFailed']);
    }
    expect((await arm.call('POST', `${app(name)}/restart`, { as: reader })).status).toBe(403);
    for (const path of ['', '/config', '/config/web', '/instances', '/config/logs']) {
      const { body } = await arm.call('GET', `${app(name)}${path}`, { as: reader });
      expect(JSON.stringify(body)).not.toContain('secret');
    }
  });

  test('that stick to a slot are named at the app', async () => {
    const name = await makeApp();
    const body = { properties: { appSettingNames: ['A'] } };
    await arm.call('PUT', `${app(name)}/config/slotConfigNames`, { body });
    expect((await arm.call('GET', `${app(name)}/config/slotConfigNames`)).body.properties).toEqual({
      appSettingNames: ['A'],
      connectionStringNames: null,
      azureStorageConfigNames: null,
    });
  });

  test('of the logs change what they mention', async () => {
    const name = await makeApp();
    const httpLogs = { fileSystem: { enabled: true, retentionInMb: 100, retentionInDays: 3 } };
    const { body } = await arm.call('PUT', `${app(name)}/config/logs`, {
      body: { properties: { httpLogs } },
    });
    expect(body.properties).toMatchObject({ httpLogs, detailedErrorMessages: { enabled: false } });
  });
});

describe('publishing', () => {
  test('has a user per site, whose password can be renewed', async () => {
    const name = await makeApp();
    await arm.call('PUT', slot(name), { body: siteBody() });
    const read = async (id: string) =>
      (await arm.call('POST', `${id}/config/publishingcredentials/list`)).body.properties;
    const first = await read(app(name));
    expect(first).toMatchObject({
      publishingUserName: `$${name}`,
      publishingPassword: expect.stringMatching(/.{60}/),
    });
    expect((await read(slot(name))).publishingUserName).toBe(`$${name}__staging`);
    expect(sites.publishing(app(name))).toMatchObject({ password: first.publishingPassword, allowed: true });
    expect((await arm.call('POST', `${app(name)}/newpassword`)).status).toBe(204);
    expect((await read(app(name))).publishingPassword).not.toBe(first.publishingPassword);
  });

  test('can be limited to Entra', async () => {
    const name = await makeApp();
    const path = `${app(name)}/basicPublishingCredentialsPolicies`;
    await arm.call('PUT', `${path}/scm`, { body: { properties: { allow: false } } });
    expect((await arm.call('GET', `${path}/scm`)).body.properties).toEqual({ allow: false });
    expect((await arm.call('GET', path)).body.value).toHaveLength(2);
    expect(sites.publishing(app(name))!.allowed).toBe(false);
  });

  test('profiles are XML', async () => {
    const name = await makeApp();
    const { headers, body } = await arm.call('POST', `${app(name)}/publishxml`);
    expect(headers.get('content-type')).toContain('application/xml');
    expect(body).toMatch(/^<publishData><publishProfile .*publishMethod="MSDeploy".*publishMethod="FTP"/);
  });
});

test('deleting the group stops and removes all', async () => {
  const other = `${root}/resourceGroups/other`;
  await arm.call('PUT', other, { body: { location: 'japaneast' } });
  const otherPlan = `${other}/providers/Microsoft.Web/serverfarms/p`;
  await arm.call('PUT', otherPlan, {
    body: { location: 'japaneast', sku: { name: 'S1' }, properties: { reserved: true } },
  });
  const id = `${other}/providers/Microsoft.Web/sites/in-other`;
  const body = {
    location: 'japaneast',
    identity: { type: 'SystemAssigned' },
    properties: { serverFarmId: otherPlan },
  };
  await arm.call('PUT', id, { body });
  const { principalId } = sites.spec(id)!.identity.systemAssigned!;
  expect((await arm.call('DELETE', other)).status).toBe(202);
  await expect.poll(async () => (await arm.call('GET', other)).status).toBe(404);
  expect(sites.spec(id)).toBeUndefined();
  expect(arm.principals.get(principalId)).toBeUndefined();
});
