import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { host, id, type OneSite, startOneSite } from '../../test/one-site.ts';
import type { SiteSpec } from './site.ts';

let at: OneSite;
beforeEach(async () => {
  at = await startOneSite();
});
afterEach(() => at.close());

const refusal =
  'ERROR - DockerApiException: Docker API responded with status code=InternalServerError, ' +
  String.raw`response={"message":"Head \"https://HOST/v2/app/manifests/1\": unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information."}`;
const verdict =
  'ERROR - Image pull failed: Verify docker image configuration and credentials (if using private repository)';

describe('the first visitor', () => {
  test('wakes the site, waits, and is served by the container', async () => {
    const answer = await at.visit();
    expect([answer.statusCode, await text(answer)]).toEqual([200, 'hello']);
    expect(at.app.state(id)).toBe('running');
    expect(at.engine.ran[0]).toMatchObject({
      port: 8080,
      env: { GREETING: 'hello', PORT: '8080', WEBSITE_HOSTNAME: host },
    });
    expect(
      at.log().filter((line) => line && !line.includes('docker run') && !/ [0-9a-f]{12} /.test(line)),
    ).toEqual([
      'INFO  - Pulling image: HOST/app:1',
      'INFO  - Pulling image with system-assigned managed identity, principal principal',
      'INFO  - 1 Pulling from app',
      `INFO  -  Digest: ${at.engine.ran[0]!.image.digest}`,
      'INFO  -  Status: Downloaded newer image for HOST/app:1',
      'INFO  - Pull Image successful, Time taken: 0 Minutes and 0 Seconds',
      'INFO  - Starting container for site',
      'INFO  - Initiating warmup request to container hoge-app_0_X for site hoge-app',
      'INFO  - Container hoge-app_0_X for site hoge-app initialized successfully and is ready to serve requests.',
    ]);
    expect(at.log().join()).not.toContain('do-not-log');
  });

  test('gets the error page when the registry refuses, and the log says so in the words of the platform', async () => {
    at.spec.identity = { userAssigned: [] };
    const answer = await at.visit();
    expect(answer.statusCode).toBe(503);
    expect(await text(answer)).toContain(':( Application Error');
    expect(at.app.state(id)).toBe('failed');
    expect(at.log()).toEqual([
      'INFO  - Pulling image: HOST/app:1',
      'INFO  - Pulling image with no credentials: no system-assigned managed identity is attached',
      refusal,
      '',
      'WARN  - Image pull failed. Defaulting to local copy if present.',
      verdict,
      'INFO  - Stopping site hoge-app because it failed during startup.',
    ]);
  });
});

describe('what the log shows when', () => {
  const show = async (change: Partial<SiteSpec>) => {
    Object.assign(at.spec, change);
    (await at.visit()).resume();
    return at.log().join('\n');
  };

  test('the flag is off', async () => {
    expect(await show({ acrUseManagedIdentityCreds: false })).toContain(refusal);
  });
  test('the identity is gone from the tenant', async () => {
    const identity = { systemAssigned: { principalId: 'gone', clientId: 'c' }, userAssigned: [] };
    const shown = await show({ identity });
    expect(shown).toContain('Managed identity token request failed: no such principal');
    expect(shown).toContain(refusal);
  });
  test('the client id belongs to no attached identity', async () => {
    expect(await show({ acrUserManagedIdentityID: 'other' })).toContain(
      'no identity with client id other is attached',
    );
  });
  test('a user-assigned identity pulls', async () => {
    const identity = { userAssigned: [{ principalId: 'principal', clientId: 'ABC', resourceId: '/i' }] };
    expect(await show({ identity, acrUserManagedIdentityID: 'abc' })).toContain('Pull Image successful');
  });
  test('a user and a password pull', async () => {
    at.registry.accepts = { basic: Buffer.from('me:pw').toString('base64') };
    const settings = {
      DOCKER_REGISTRY_SERVER_URL: `https://${at.registry.host}`,
      DOCKER_REGISTRY_SERVER_USERNAME: 'me',
      DOCKER_REGISTRY_SERVER_PASSWORD: 'pw',
    };
    expect(await show({ acrUseManagedIdentityCreds: false, appSettings: settings })).toContain(
      'Pull Image successful',
    );
  });
  test('the tag is missing: the platform tries again without credentials', async () => {
    const shown = await show({ linuxFxVersion: `DOCKER|${at.registry.host}/app:9` });
    expect(shown).toMatch(
      /status code=NotFound.*manifest unknown[\s\S]*status code=InternalServerError.*unauthorized/,
    );
    expect(shown).toContain(verdict);
  });
  test('the reference is malformed', async () => {
    const shown = await show({ linuxFxVersion: 'DOCKER|https://hoge.azurecr.io/app:1' });
    expect(shown).toContain('status code=BadRequest, response={"message":"invalid reference format"}');
    expect(shown).toContain(verdict);
  });
  test('no image is configured', async () => {
    expect(await show({ linuxFxVersion: '' })).toContain('Site not started: linuxFxVersion is empty');
  });
  test('the container ends at once', async () => {
    expect(await show({ appSettings: { FAIL: 'exit' } })).toMatch(/has exited, failing site start/);
  });
  test('the engine cannot start it', async () => {
    expect(await show({ appSettings: { FAIL: 'engine' } })).toContain(
      'ERROR - Image pulled, container not started: no namespaces here',
    );
  });
});

test('without an engine the image is pulled, and nothing pretends to run', async () => {
  await at.reopen({ engine: { reason: 'user namespaces are off' } });
  expect((await at.visit()).statusCode).toBe(503);
  expect(at.log().at(-1)).toBe('ERROR - Image pulled, container not started: user namespaces are off');
  expect(at.app.state(id)).toBe('failed');
});

describe('a local copy', () => {
  beforeEach(async () => {
    (await at.visit()).resume();
    at.registry.accepts = { identityToken: 'nobody' };
  });
  test('serves when the registry refuses, as on the platform', async () => {
    await at.app.restart(id);
    expect((await at.visit()).statusCode).toBe(200);
    const lines = at.log();
    expect(lines).toContain(refusal);
    expect(lines).toContain('WARN  - Image pull failed. Defaulting to local copy if present.');
    expect(lines).not.toContain(verdict);
  });
  test('is not used when that is turned off', async () => {
    await at.reopen({ localCopies: false });
    expect((await at.visit()).statusCode).toBe(503);
  });
});

describe('control', () => {
  test('stop ends it, and visitors are told', async () => {
    (await at.visit()).resume();
    at.spec.enabled = false;
    at.app.stop(id);
    const answer = await at.visit();
    expect([answer.statusCode, await text(answer)]).toEqual([
      403,
      expect.stringContaining('This web app is stopped'),
    ]);
    await expect.poll(() => at.engine.stopped.length).toBe(1);
    expect(at.app.state(id)).toBe('stopped');
  });
  test('a change that turns it off ends it, too', async () => {
    (await at.visit()).resume();
    at.spec.enabled = false;
    await at.app.restart(id);
    await expect.poll(() => at.engine.stopped.length).toBe(1);
  });
  test('remove ends it and deletes its logs', async () => {
    (await at.visit()).resume();
    at.app.remove(id);
    await expect.poll(() => readdir(join(at.folder, 'LogFiles'))).toEqual([]);
    expect(at.engine.stopped.length).toBe(1);
  });
  test('a site that is always on starts with the worker', async () => {
    at.spec.alwaysOn = true;
    at.app.resume();
    await expect.poll(() => at.app.state(id)).toBe('running');
  });
});
