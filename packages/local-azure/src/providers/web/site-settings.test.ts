import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { app, image, siteBody, slot, startWebServer, type WebServer } from '../../../test/web-server.ts';

let at: WebServer;
beforeAll(async () => {
  at = await startWebServer();
});
afterAll(() => at.close());

describe('settings', () => {
  test('of config/web are merged, for PUT and PATCH alike, and restart the site', async () => {
    const name = await at.makeApp();
    for (const method of ['PATCH', 'PUT']) {
      const properties = { acrUseManagedIdentityCreds: method === 'PUT', linuxFxVersion: null, invented: 1 };
      const { body } = await at.call(method, `${app(name)}/config/web`, { body: { properties } });
      expect(body).toMatchObject({ name, type: 'Microsoft.Web/sites/config' });
      expect(body.properties).toMatchObject({
        acrUseManagedIdentityCreds: method === 'PUT',
        linuxFxVersion: image,
      });
      expect(body.properties.invented).toBeUndefined();
    }
    expect(at.takeAsked()).toEqual([`restart ${name}`, `restart ${name}`]);
  });

  test.each([
    ['11111111-2222-3333-4444-555555555555', '11111111-2222-3333-4444-555555555555'],
    ['/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i', null],
    ['', null],
  ])('acrUserManagedIdentityID %j is read back as %j', async (given, kept) => {
    const name = await at.makeApp();
    const properties = { acrUserManagedIdentityID: given };
    await at.call('PATCH', `${app(name)}/config/web`, { body: { properties } });
    expect((await at.config(app(name))).acrUserManagedIdentityID).toBe(kept);
  });

  test('of the app are replaced as a whole', async () => {
    const name = await at.makeApp(siteBody({ appSettings: [{ name: 'A', value: '1' }] }));
    expect(await at.settings(app(name))).toEqual({ A: '1' });
    await at.call('PUT', `${app(name)}/config/appsettings`, { body: { properties: { B: '2', C: true } } });
    expect(await at.settings(app(name))).toEqual({ B: '2', C: 'true' });
    expect(at.sites.spec(app(name))!.appSettings).toEqual({ B: '2', C: 'true' });
    expect((await at.call('GET', `${app(name)}/config/appsettings`)).status).toBe(405);
  });

  test.each([
    ['config/web', { properties: { appSettings: { A: '1' } } }],
    ['config/web', { properties: { connectionStrings: 'x' } }],
    ['config/web', { properties: { defaultDocuments: {} } }],
    ['config/appsettings', { properties: { A: ['1'] } }],
    ['config/appsettings', { properties: [] }],
    ['config/appsettings', []],
  ])('%s of a wrong type, such as %j, change nothing', async (path, body) => {
    const name = await at.makeApp(siteBody({ appSettings: [{ name: 'A', value: '1' }] }));
    const before = await at.config(app(name));
    expect((await at.call('PUT', `${app(name)}/${path}`, { body })).status).toBe(400);
    expect(await at.config(app(name))).toEqual(before);
    expect(await at.settings(app(name))).toEqual({ A: '1' });
    expect(at.takeAsked()).toEqual([]);
  });

  test('cannot be read by a Reader where they may hold secrets', async () => {
    const name = await at.makeApp(siteBody({ appSettings: [{ name: 'PASSWORD', value: 'secret' }] }));
    const reader = at.principal('reader');
    at.grant(reader, 'Reader', app(name));
    expect((await at.call('GET', `${app(name)}/config/web`, { as: reader })).status).toBe(200);
    for (const path of ['appsettings', 'connectionstrings', 'publishingcredentials', 'metadata']) {
      const refused = await at.call('POST', `${app(name)}/config/${path}/list`, { as: reader });
      expect([path, refused.status, refused.body.error.code]).toEqual([path, 403, 'AuthorizationFailed']);
    }
    expect((await at.call('POST', `${app(name)}/restart`, { as: reader })).status).toBe(403);
    for (const path of ['', '/config', '/config/web', '/instances', '/config/logs']) {
      const { body } = await at.call('GET', `${app(name)}${path}`, { as: reader });
      expect(JSON.stringify(body)).not.toContain('secret');
    }
  });

  test('that stick to a slot are named at the app', async () => {
    const name = await at.makeApp();
    const body = { properties: { appSettingNames: ['A'] } };
    await at.call('PUT', `${app(name)}/config/slotConfigNames`, { body });
    expect((await at.call('GET', `${app(name)}/config/slotConfigNames`)).body.properties).toEqual({
      appSettingNames: ['A'],
      connectionStringNames: null,
      azureStorageConfigNames: null,
    });
  });

  test('of the logs change what they mention', async () => {
    const name = await at.makeApp();
    const httpLogs = { fileSystem: { enabled: true, retentionInMb: 100, retentionInDays: 3 } };
    const { body } = await at.call('PUT', `${app(name)}/config/logs`, {
      body: { properties: { httpLogs } },
    });
    expect(body.properties).toMatchObject({ httpLogs, detailedErrorMessages: { enabled: false } });
  });
});

describe('publishing', () => {
  test('has a user per site, whose password can be renewed', async () => {
    const name = await at.makeApp();
    await at.call('PUT', slot(name), { body: siteBody() });
    const read = async (id: string) =>
      (await at.call('POST', `${id}/config/publishingcredentials/list`)).body.properties;
    const first = await read(app(name));
    expect(first).toMatchObject({
      publishingUserName: `$${name}`,
      publishingPassword: expect.stringMatching(/.{60}/),
    });
    expect((await read(slot(name))).publishingUserName).toBe(`$${name}__staging`);
    expect(at.sites.publishing(app(name))).toMatchObject({
      password: first.publishingPassword,
      allowed: true,
    });
    expect((await at.call('POST', `${app(name)}/newpassword`)).status).toBe(204);
    expect((await read(app(name))).publishingPassword).not.toBe(first.publishingPassword);
  });

  test('can be limited to Entra', async () => {
    const name = await at.makeApp();
    const path = `${app(name)}/basicPublishingCredentialsPolicies`;
    await at.call('PUT', `${path}/scm`, { body: { properties: { allow: false } } });
    expect((await at.call('GET', `${path}/scm`)).body.properties).toEqual({ allow: false });
    expect((await at.call('GET', path)).body.value).toHaveLength(2);
    expect(at.sites.publishing(app(name))!.allowed).toBe(false);
  });

  test('profiles are XML', async () => {
    const name = await at.makeApp();
    const { headers, body } = await at.call('POST', `${app(name)}/publishxml`);
    expect(headers.get('content-type')).toContain('application/xml');
    expect(body).toMatch(/^<publishData><publishProfile .*publishMethod="MSDeploy".*publishMethod="FTP"/);
  });
});
