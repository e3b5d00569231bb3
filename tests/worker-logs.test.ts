import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';
import { armCall } from './resource-manager.ts';

// verify comes to the same outcome whichever generation of workers writes the log. The newer one names no digest.

describe.each(['old', 'new'])('verify by the log of the %s worker', (generation) => {
  let azure: LocalAzureProcess;
  let app: string;
  beforeAll(async () => {
    azure = await startLocalAzure({ args: ['--worker-log', generation] });
    await azure.setUpStory();
    app = `/subscriptions/${azure.subscriptionId}/resourceGroups/blog/providers/Microsoft.Web/sites/hoge-app`;
  });
  afterAll(() => azure?.stop());

  const configure = (properties: object) =>
    armCall(azure, 'PATCH', `${app}/config/web`, '2023-12-01', { properties });
  const setting = (properties: Record<string, string>) =>
    armCall(azure, 'PUT', `${app}/config/appsettings`, '2023-12-01', { properties });
  const outcome = async () => {
    const arguments_ = ['verify', 'hoge-app', '--slot', 'production', '--timeout', '30'];
    const { result } = await azure.acrpullJson(...arguments_);
    return result.sites[0].outcome;
  };

  test('refused, before there is a local copy', async () => {
    expect(await outcome()).toMatchObject({
      kind: 'refused',
      cause: 'unauthorized',
      localCopyServes: false,
      text: expect.stringMatching(/authentication required|Check registry credentials/),
    });
  });

  test('serving, once all is mended', async () => {
    expect((await azure.acrpull('fix', 'hoge-app', '--yes')).code).toBe(0);
    expect(await outcome()).toMatchObject({
      kind: 'serving',
      status: 200,
      digest: generation === 'old' ? expect.stringMatching(/^sha256:/) : null,
    });
  });

  test('refused, while the local copy serves', async () => {
    await configure({ acrUseManagedIdentityCreds: false });
    expect(await outcome()).toMatchObject({
      kind: 'refused',
      cause: 'unauthorized',
      localCopyServes: true,
    });
    await configure({ acrUseManagedIdentityCreds: true });
  });

  test('a tag that is not there', async () => {
    await configure({ linuxFxVersion: 'DOCKER|hoge.azurecr.io/hello:9.9.9' });
    expect(await outcome()).toMatchObject({ kind: 'refused', cause: 'manifest-unknown' });
    await configure({ linuxFxVersion: 'DOCKER|hoge.azurecr.io/hello:0.1.0' });
  });

  test('pulled, and not answering', async () => {
    await configure({ appCommandLine: '--no-such-option' });
    expect(await outcome()).toMatchObject({
      kind: 'not-answering',
      reason: expect.stringMatching(/has exited|has finished running with exit code: \d/),
    });
    await configure({ appCommandLine: '' });
    await setting({ WEBSITES_PORT: '9', WEBSITES_CONTAINER_START_TIME_LIMIT: '1' });
    expect(await outcome()).toMatchObject({
      kind: 'not-answering',
      reason: expect.stringMatching(/within expected time limit|startup probe failed after/),
    });
  });
});
