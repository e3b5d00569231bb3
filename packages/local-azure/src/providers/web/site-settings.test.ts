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
});

describe('config/logs', () => {
  const put = (name: string, properties: object) =>
    at.call('PUT', `${app(name)}/config/logs`, { body: { properties } });
  const fileSystem = { enabled: true, retentionInMb: 100, retentionInDays: 3 };

  test('turns the logging of the container on, for as many days and megabytes', async () => {
    const name = await at.makeApp(siteBody({ appSettings: [{ name: 'A', value: '1' }] }));
    const before = (await at.call('GET', `${app(name)}/config/logs`)).body.properties;
    expect(before).toMatchObject({
      httpLogs: { fileSystem: { enabled: false, retentionInMb: 35, retentionInDays: null } },
      applicationLogs: { fileSystem: { level: 'Off' } },
      detailedErrorMessages: { enabled: false },
    });
    const { body } = await put(name, { httpLogs: { fileSystem } });
    expect(body.properties).toEqual({ ...before, httpLogs: { ...before.httpLogs, fileSystem } });
    expect(at.takeAsked()).toEqual([`restart ${name}`]);
    expect(at.sites.spec(app(name))!.containerLogging).toEqual(fileSystem);
    // The same settings in their other places, as on the platform.
    expect(await at.config(app(name))).toMatchObject({
      httpLoggingEnabled: true,
      logsDirectorySizeLimit: 100,
    });
    expect(await at.settings(app(name))).toEqual({ A: '1', WEBSITE_HTTPLOGGING_RETENTION_DAYS: '3' });
  });

  test('changes what it mentions, and no days are no limit', async () => {
    const name = await at.makeApp();
    await put(name, { httpLogs: { fileSystem } });
    await put(name, { applicationLogs: { fileSystem: { level: 'Verbose' } } });
    const { body } = await put(name, { httpLogs: { fileSystem: { retentionInDays: 0 } } });
    expect(body.properties).toMatchObject({
      applicationLogs: { fileSystem: { level: 'Verbose' } },
      httpLogs: { fileSystem: { enabled: true, retentionInMb: 100, retentionInDays: null } },
    });
    expect(await at.settings(app(name))).toEqual({});
  });

  test('is also what config/web says', async () => {
    const name = await at.makeApp(siteBody({ httpLoggingEnabled: true, logsDirectorySizeLimit: 5 }));
    expect(at.sites.spec(app(name))!.containerLogging).toEqual({
      enabled: true,
      retentionInMb: 25,
      retentionInDays: 0,
    });
  });

  test.each<[object, number]>([
    [{ httpLogs: { fileSystem: { retentionInMb: 24 } } }, 400],
    [{ httpLogs: { fileSystem: { retentionInMb: 101 } } }, 400],
    [{ httpLogs: { fileSystem: { enabled: 'yes' } } }, 400],
    [{ httpLogs: [] }, 400],
    [{ httpLogs: { fileSystem, azureBlobStorage: { enabled: true, sasUrl: 'https://x' } } }, 501],
    [{ applicationLogs: { azureBlobStorage: { level: 'Warning' } } }, 501],
    // `az webapp log config --application-logging off`
    [{ applicationLogs: { fileSystem: { level: false }, azureBlobStorage: { level: 'False' } } }, 200],
  ])('%j: %i', async (properties, status) => {
    const name = await at.makeApp();
    expect((await put(name, properties)).status).toBe(status);
    expect(at.sites.spec(app(name))!.containerLogging.enabled).toBe(false);
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

  test('can be limited to Entra: what is then handed out is of no use, and stays so', async () => {
    const name = await at.makeApp();
    await at.call('PUT', slot(name), { body: siteBody() });
    const policies = `${app(name)}/basicPublishingCredentialsPolicies`;
    const allow = async (policy: string, value: boolean) =>
      (await at.call('PUT', `${policies}/${policy}`, { body: { properties: { allow: value } } })).body;
    const scmUri = async (id = app(name)) =>
      (await at.call('POST', `${id}/config/publishingcredentials/list`)).body.properties.scmUri;
    const useful = await scmUri();
    expect(useful).toMatch(new RegExp(`^https://\\$${name}:[\\w-]{60}@${name}\\.scm\\.azurewebsites\\.net$`));

    expect(await allow('scm', false)).toMatchObject({
      name: 'scm',
      type: 'Microsoft.Web/sites/basicPublishingCredentialsPolicies',
      properties: { allow: false },
    });
    expect((await at.call('GET', `${policies}/scm`)).body.properties).toEqual({ allow: false });
    expect((await at.call('GET', policies)).body.value).toMatchObject([
      { name: 'scm', properties: { allow: false } },
      { name: 'ftp', properties: { allow: true } },
    ]);
    expect(at.sites.publishing(app(name))!.allowed).toBe(false);
    expect(await scmUri()).toBe(`https://REDACTED:REDACTED@${name}.scm.azurewebsites.net`);
    expect(at.sites.publishing(slot(name))!.allowed).toBe(true);
    expect(await scmUri(slot(name))).not.toContain('REDACTED');
    await allow('scm', true);
    expect(await scmUri()).toBe(useful);
  });

  test('policies each have a permission of their own', async () => {
    const name = await at.makeApp();
    const contributor = at.principal('publisher');
    at.grant(contributor, 'Website Contributor', app(name));
    const reader = at.principal('policy reader');
    at.grant(reader, 'Reader', app(name));
    const path = `${app(name)}/basicPublishingCredentialsPolicies/scm`;
    const body = { properties: { allow: false } };
    expect((await at.call('PUT', path, { body, as: contributor })).status).toBe(200);
    const refused = await at.call('PUT', path, { body, as: reader });
    expect([refused.status, refused.body.error.message]).toEqual([
      403,
      expect.stringContaining("'Microsoft.Web/sites/basicPublishingCredentialsPolicies/scm/Write'"),
    ]);
    expect((await at.call('PUT', path, { body: { properties: { allow: 'no' } } })).status).toBe(400);
  });

  test('profiles are XML, and each has the user that its service takes', async () => {
    const name = await at.makeApp();
    const profiles = async () => {
      const { headers, body } = await at.call('POST', `${app(name)}/publishxml`);
      expect(headers.get('content-type')).toContain('application/xml');
      return [...body.matchAll(/publishMethod="(\w+)".*? userName="([^"]+)" userPWD="([^"]+)"/g)].map(
        ([, method, user, password]) => [method, user, password.length > 50 ? 'a password' : password],
      );
    };
    expect(await profiles()).toEqual([
      ['MSDeploy', `$${name}`, 'a password'],
      ['FTP', `${name}\\$${name}`, 'a password'],
      ['ZipDeploy', `$${name}`, 'a password'],
    ]);
    await at.call('PUT', `${app(name)}/basicPublishingCredentialsPolicies/ftp`, {
      body: { properties: { allow: false } },
    });
    expect((await profiles())[1]).toEqual(['FTP', 'REDACTED', 'REDACTED']);
  });

  test("there is no user of one's own for all sites", async () => {
    for (const method of ['GET', 'PUT']) {
      const body = method === 'PUT' ? { properties: { publishingUserName: 'me' } } : undefined;
      const refused = await at.call(method, '/providers/Microsoft.Web/publishingUsers/web', { body });
      expect([refused.status, refused.body.error.code]).toEqual([501, 'NotImplemented']);
    }
  });
});
