import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  basic,
  imageManifest,
  ociManifest,
  type RegistryServer,
  startRegistryServer,
} from '../../test/registry-server.ts';
import { sha256 } from '../../test/sha256.ts';

const headers = { ...basic('hoge', 'first'), 'content-type': ociManifest, 'user-agent': 'docker/28' };
let at: RegistryServer;
let manifest: string;

beforeEach(async () => {
  at = await startRegistryServer();
  manifest = imageManifest(await at.pushBlob('team/app', '{}'), []);
});
afterEach(() => at.stop());

const put = (reference: string, body = manifest) =>
  at.send('PUT', `/v2/team/app/manifests/${reference}`, { headers, body });
const remove = (reference: string) => at.send('DELETE', `/v2/team/app/manifests/${reference}`, { headers });

test('a push and a deletion of a manifest are told, with the request that made them', async () => {
  const digest = sha256(manifest);
  const pushed = await put('1');
  await put(`${digest}?tag=2&tag=3`);
  await put(digest);
  await remove(digest);
  const common = {
    registry: 'hoge.azurecr.io',
    repository: 'team/app',
    mediaType: ociManifest,
    digest,
  };
  const size = manifest.length;
  expect(at.events).toMatchObject([
    {
      ...common,
      action: 'push',
      size,
      tags: ['1'],
      request: {
        id: pushed.headers['x-ms-correlation-request-id'],
        host: 'hoge.azurecr.io',
        method: 'PUT',
        useragent: 'docker/28',
      },
    },
    { ...common, action: 'push', size, tags: ['2', '3'] },
    { ...common, action: 'push', size, tags: [] },
    { ...common, action: 'delete', tags: [], request: { method: 'DELETE' } },
  ]);
});

test('a repository that is deleted tells of each of its manifests', async () => {
  const digests = [sha256(manifest), await at.pushImage('team/app', '2')];
  await put('1');
  at.events.length = 0;
  await at.send('DELETE', '/acr/v1/team/app', { headers });
  const deleted = { action: 'delete', repository: 'team/app', mediaType: ociManifest };
  expect(at.events).toMatchObject(digests.sort().map((digest) => ({ ...deleted, digest })));
});

test('what is refused, and the deletion of a tag alone, is not told', async () => {
  await put('1', '{}');
  await remove('nothing');
  await put('1');
  await remove('1');
  expect(at.events).toHaveLength(1);
});
