import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../../../test/arm-server.ts';
import {
  app,
  image,
  plan,
  siteBody,
  slot,
  startWebServer,
  type WebServer,
  web,
} from '../../../test/web-server.ts';

let at: WebServer;
beforeAll(async () => {
  at = await startWebServer();
});
afterAll(() => at.close());
beforeEach(() => {
  at.takeAsked();
});

describe('a site', () => {
  test('is made, shown without its configuration, and started', async () => {
    const { status, body } = await at.call('PUT', app('first'), {
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
    expect(at.takeAsked()).toEqual(['restart first']);
    const lists = [`${web}/sites`, `${root}/providers/Microsoft.Web/sites`, `${plan('plan')}/sites`];
    for (const list of lists) {
      expect((await at.call('GET', list)).body.value.map((one: { id: string }) => one.id)).toContain(
        app('first'),
      );
    }
    expect(at.sites.spec(app('first'))).toMatchObject({
      name: 'first',
      hostName: 'first.azurewebsites.net',
      linuxFxVersion: image,
      acrUseManagedIdentityCreds: true,
      enabled: true,
    });
    const { outboundIpAddresses, possibleOutboundIpAddresses } = body.properties;
    expect(outboundIpAddresses.split(',')).toContain(at.sites.spec(app('first'))!.pullAddress);
    expect(possibleOutboundIpAddresses).toContain(outboundIpAddresses);
  });

  test('keeps its configuration when its own GET is PUT back', async () => {
    const name = await at.makeApp(siteBody({ acrUseManagedIdentityCreds: true }, { tags: { team: 'a' } }));
    const { body } = await at.call('GET', app(name));
    const again = await at.call('PUT', app(name), { body });
    expect(again.body.tags).toEqual({ team: 'a' });
    expect(await at.config(app(name))).toMatchObject({
      linuxFxVersion: image,
      acrUseManagedIdentityCreds: true,
    });
  });

  test('has a name that is its own in all of Azure, also against slots', async () => {
    await at.makeApp();
    await at.call('PUT', app('pair'), { body: siteBody() });
    await at.call('PUT', slot('pair', 'x'), { body: siteBody() });
    const check = async (name: string) =>
      (
        await at.call('POST', `${root}/providers/Microsoft.Web/checknameavailability`, {
          body: { name, type: 'Site' },
        })
      ).body;
    expect(await check('PAIR')).toMatchObject({ nameAvailable: false, reason: 'AlreadyExists' });
    expect(await check('pair-x')).toMatchObject({ nameAvailable: false });
    expect(await check('a.b')).toMatchObject({ nameAvailable: false, reason: 'Invalid' });
    expect(await check('free-name')).toMatchObject({ nameAvailable: true });
    const refused = await at.call('PUT', app('pair-x'), { body: siteBody() });
    expect([refused.status, refused.body]).toMatchObject([
      409,
      {
        Code: 'Conflict',
        Message: 'Website with given name pair-x already exists.',
        Details: [{}, {}, { ErrorEntity: { ExtendedCode: '54001', Parameters: ['pair-x'] } }],
      },
    ]);
  });

  const withProperties = (properties: object) => ({
    ...siteBody(),
    properties: { ...siteBody().properties, ...properties },
  });
  test.each<[string, string, object, number, string]>([
    ['a bad name', '-bad', siteBody(), 400, 'invalid'],
    ['no plan', 'valid', { location: 'japaneast', properties: {} }, 400, 'ServerFarmId'],
    ['an unknown plan', 'valid', siteBody({}, {}, 'nope'), 404, 'Cannot find ServerFarm with name nope.'],
    ['a setting of the wrong type', 'valid', siteBody({ alwaysOn: 'often' }), 400, 'alwaysOn'],
    ['a list for a word', 'valid', withProperties({ clientCertMode: [] }), 400, 'clientCertMode'],
    ['a word for a switch', 'valid', withProperties({ httpsOnly: 'yes' }), 400, 'httpsOnly'],
    ['always on, on a free plan', 'valid', siteBody({ alwaysOn: true }, {}, 'free'), 409, 'AlwaysOn'],
  ])('refuses %s, and leaves nothing behind', async (_what, name, body, status, message) => {
    const refused = await at.call('PUT', app(name), { body });
    expect([refused.status, refused.body.Message]).toEqual([status, expect.stringContaining(message)]);
    expect((await at.call('GET', app(name))).status).toBe(404);
    expect(at.takeAsked()).toEqual([]);
  });

  test('gives the log of its container', async () => {
    expect((await at.call('POST', `${app('first')}/containerlogs`)).body).toBe('a line');
    const zip = await at.call('POST', `${app('first')}/containerlogs/zip/download`);
    expect([zip.headers.get('content-type'), zip.body]).toEqual(['application/zip', 'a zip']);
    for (const path of ['containerlogs', 'containerlogs/zip/download']) {
      expect((await at.call('POST', `${app(await at.makeApp())}/${path}`)).status).toBe(204);
    }
  });

  test('has parts that `az resource` finds by their type', async () => {
    const { body } = await at.call('GET', `${root}/providers/Microsoft.Web`);
    const types = body.resourceTypes.map((one: { resourceType: string }) => one.resourceType);
    for (const type of ['config', 'basicPublishingCredentialsPolicies']) {
      expect(types).toContain(`sites/${type}`);
      expect(types).toContain(`sites/slots/${type}`);
    }
  });

  test('that does not exist has no parts either', async () => {
    for (const path of ['', '/config/web', '/slots', '/publishxml', '/slots/x/config/web']) {
      const method = path === '/publishxml' ? 'POST' : 'GET';
      const { status, body } = await at.call(method, `${app('nosuch')}${path}`);
      expect([status, body.error.code]).toEqual([404, 'ResourceNotFound']);
    }
    expect((await at.call('DELETE', app('nosuch'))).status).toBe(204);
  });

  test('is stopped, started and restarted', async () => {
    const name = await at.makeApp();
    await at.call('POST', `${app(name)}/stop`);
    expect((await at.call('GET', app(name))).body.properties).toMatchObject({
      state: 'Stopped',
      enabled: false,
    });
    expect(at.sites.spec(app(name))!.enabled).toBe(false);
    await at.call('POST', `${app(name)}/start`);
    await at.call('POST', `${app(name)}/restart`);
    expect(at.takeAsked()).toEqual([`stop ${name}`, `restart ${name}`, `restart ${name}`]);
    expect(at.sites.spec(app(name))!.enabled).toBe(true);
  });
});

describe('a restart', () => {
  test('is soft when it is asked so, and is waited for only then', async () => {
    const site = app(await at.makeApp());
    const ask = async (query: string) =>
      (await at.call('POST', `${site}/restart?softRestart=${query}&api-version=2023-12-01`)).status;
    expect(await ask('true&synchronous=true')).toBe(200);
    expect(at.takeAsked()).toEqual([`soft restart ${site.split('/').at(-1)}`]);
    expect(await ask('perhaps')).toBe(400);
    expect(at.takeAsked()).toEqual([]);
  });
});

describe('the instances of a site', () => {
  test.each([
    ['running', 'READY'],
    ['updating', 'READY'],
    ['starting', 'UNKNOWN'],
    ['failed', 'STOPPED'],
    ['blocked', 'STOPPED'],
  ] as const)('that is %s: one, %s; the site is Running all the same', async (state, shown) => {
    const site = app(await at.makeApp());
    at.siteState = state;
    const { value } = (await at.call('GET', `${site}/instances`)).body;
    expect(value).toMatchObject([{ properties: { state: shown } }]);
    expect(value[0].name).toMatch(/^[0-9a-f]{64}$/);
    expect((await at.call('GET', value[0].id)).body).toEqual(value[0]);
    expect((await at.call('GET', `${site}/instances/0`)).status).toBe(404);
    const { properties } = (await at.call('GET', site)).body;
    expect(properties).toMatchObject({ state: 'Running', availabilityState: 'Normal', usageState: 'Normal' });
  });

  test.each(['idle', 'stopped'] as const)('that is %s: none', async (state) => {
    const site = app(await at.makeApp());
    at.siteState = state;
    expect((await at.call('GET', `${site}/instances`)).body.value).toEqual([]);
  });
});

describe('the status of a site', () => {
  test.each([
    ['running', 'Started'],
    ['updating', 'Updating'],
    ['blocked', 'Blocked'],
    ['idle', 'Stopped'],
  ] as const)('that is %s: %s', async (state, shown) => {
    const site = app(await at.makeApp());
    at.siteState = state;
    const [status] = (await at.call('GET', `${site}/siteStatus`)).body.properties;
    expect(status).toMatchObject({
      state: shown,
      lastError: 'ContainerTimeout',
      lastErrorDetails: 'too slow',
      lastErrorTimestamp: '2026-11-23T00:00:00.000Z',
    });
    const one = await at.call('GET', `${site}/siteStatus/${status.instanceId}`);
    expect(one.body.properties).toEqual(status);
    expect((await at.call('GET', `${site}/siteStatus/other`)).status).toBe(404);
  });
});

describe('a slot', () => {
  test('is a site of its own', async () => {
    const name = await at.makeApp(
      siteBody({ acrUseManagedIdentityCreds: true }, { identity: { type: 'SystemAssigned' } }),
    );
    const { status, body } = await at.call('PUT', slot(name), {
      body: { location: 'japaneast', properties: { siteConfig: {} } },
    });
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
    expect(await at.config(slot(name))).toMatchObject({
      linuxFxVersion: '',
      acrUseManagedIdentityCreds: false,
    });
    expect(at.sites.spec(slot(name))).toMatchObject({
      name: `${name}__staging`,
      identity: { userAssigned: [] },
    });
    expect(at.sites.byHost(`${name}-staging.azurewebsites.net`)).toBe(slot(name));
    expect(at.sites.byHost(`${name}-staging.scm.azurewebsites.net`)).toBe(slot(name));
    expect((await at.call('GET', `${app(name)}/slots`)).body.value).toHaveLength(1);
  });

  test.each([
    ['with a siteConfig, also an empty one, has its own', {}, '', {}],
    ['without one has a copy of its app’s', undefined, image, { A: '1' }],
  ])('%s', async (_what, siteConfig, linuxFxVersion, settings) => {
    const rule = { name: 'new', actionHostName: 'x-new.azurewebsites.net', reroutePercentage: 5 };
    const name = await at.makeApp(
      siteBody(
        { appSettings: [{ name: 'A', value: '1' }], experiments: { rampUpRules: [rule] } },
        { identity: { type: 'SystemAssigned' } },
      ),
    );
    const { serverFarmId } = siteBody().properties;
    const body = { location: 'japaneast', properties: { serverFarmId, siteConfig } };
    expect((await at.call('PUT', slot(name), { body })).body.identity).toBeUndefined();
    expect(await at.settings(slot(name))).toEqual(settings);
    expect(await at.config(slot(name))).toMatchObject({ linuxFxVersion, experiments: { rampUpRules: [] } });
  });

  test('needs an app, a plan that has slots, and another name than production', async () => {
    const orphan = await at.call('PUT', slot('nosuch'), { body: siteBody() });
    expect([orphan.status, orphan.body.error.code]).toEqual([404, 'ParentResourceNotFound']);
    const basic = await at.makeApp(siteBody({}, {}, 'basic'));
    const refused = await at.call('PUT', slot(basic), { body: siteBody({}, {}, 'basic') });
    expect([refused.status, refused.body.Message]).toEqual([
      409,
      "Cannot complete the operation because the site will exceed the number of slots allowed for the 'Basic' SKU.",
    ]);
    const name = await at.makeApp();
    expect((await at.call('PUT', slot(name, 'Production'), { body: siteBody() })).status).toBe(400);
    for (const one of ['a', 'b', 'c', 'd', 'e']) {
      expect((await at.call('PUT', slot(name, one), { body: siteBody() })).status).toBe(200);
    }
    expect((await at.call('PUT', slot(name, 'f'), { body: siteBody() })).status).toBe(409);
  });

  test('goes with its app, and with both go their principals', async () => {
    const identity = { identity: { type: 'SystemAssigned' } };
    const name = await at.makeApp(siteBody({}, identity));
    await at.call('PUT', slot(name), { body: siteBody({}, identity) });
    const ids = [app(name), slot(name)].map((id) => at.sites.spec(id)!.identity.systemAssigned!.principalId);
    expect(new Set(ids).size).toBe(2);
    at.takeAsked();
    await at.call('DELETE', app(name));
    expect(at.takeAsked()).toEqual([`remove ${name}/slots/staging`, `remove ${name}`]);
    for (const id of ids) expect(at.principals.get(id)).toBeUndefined();
    expect(at.sites.spec(slot(name))).toBeUndefined();
    // A later app of that name begins anew.
    await at.call('PUT', app(name), { body: siteBody({ linuxFxVersion: '' }) });
    expect(await at.settings(app(name))).toEqual({});
  });
});

test('deleting the group stops and removes all', async () => {
  const other = `${root}/resourceGroups/other`;
  await at.call('PUT', other, { body: { location: 'japaneast' } });
  const otherPlan = `${other}/providers/Microsoft.Web/serverfarms/p`;
  await at.call('PUT', otherPlan, {
    body: { location: 'japaneast', sku: { name: 'S1' }, properties: { reserved: true } },
  });
  const id = `${other}/providers/Microsoft.Web/sites/in-other`;
  const body = {
    location: 'japaneast',
    identity: { type: 'SystemAssigned' },
    properties: { serverFarmId: otherPlan },
  };
  await at.call('PUT', id, { body });
  const { principalId } = at.sites.spec(id)!.identity.systemAssigned!;
  expect((await at.call('DELETE', other)).status).toBe(202);
  await expect.poll(async () => (await at.call('GET', other)).status).toBe(404);
  expect(at.sites.spec(id)).toBeUndefined();
  expect(at.principals.get(principalId)).toBeUndefined();
});
