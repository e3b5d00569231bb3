import { randomBytes } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  basic,
  imageManifest,
  ociManifest,
  type RegistryServer,
  startRegistryServer,
} from '../../test/registry-server.ts';
import { sha256 } from '../../test/sha256.ts';

const headers = basic('hoge', 'first');
const ociIndex = 'application/vnd.oci.image.index.v1+json';
let at: RegistryServer;

beforeEach(async () => {
  at = await startRegistryServer();
});
afterEach(() => at.stop());

const get = (path: string, more: Record<string, string> = {}) =>
  at.send('GET', path, { headers: { ...headers, ...more } });
const put = (reference: string, body: string | Buffer, type = ociManifest, repository = 'team/app') =>
  at.send('PUT', `/v2/${repository}/manifests/${reference}`, {
    headers: { ...headers, 'content-type': type },
    body,
  });
const remove = (path: string) => at.send('DELETE', path, { headers });

/** Pushes an image with random layers; its manifest. */
async function pushImage(tag: string, layers = 1, more: Record<string, unknown> = {}): Promise<string> {
  const digests = [];
  for (let i = 0; i < layers; i++) digests.push(await at.pushBlob('team/app', randomBytes(100)));
  const manifest = imageManifest(await at.pushBlob('team/app', '{}'), digests, more);
  expect((await put(tag, manifest)).status).toBe(201);
  return manifest;
}

test('an image of many layers is pushed with AcrPush and pulled with AcrPull', async () => {
  at.grant('pusher', 'AcrPush');
  at.grant('puller', 'AcrPull');
  const pusher = await at.bearer('pusher', 'repository:team/app:pull,push');
  const layers = Array.from({ length: 8 }, () => randomBytes(50_000));
  const config = Buffer.from('{"architecture":"amd64","os":"linux"}');
  await Promise.all(
    [config, ...layers].map(async (body) => {
      const path = `/v2/team/app/blobs/uploads/?digest=${sha256(body)}`;
      expect((await at.send('POST', path, { headers: pusher, body })).status).toBe(201);
    }),
  );
  const manifest = imageManifest(sha256(config), layers.map(sha256));
  const pushed = await at.send('PUT', '/v2/team/app/manifests/0.1.0', {
    headers: { ...pusher, 'content-type': ociManifest },
    body: manifest,
  });
  expect(pushed).toMatchObject({ status: 201, headers: { 'docker-content-digest': sha256(manifest) } });

  const puller = await at.bearer('puller', 'repository:team/app:pull');
  const pulled = await at.send('GET', '/v2/team/app/manifests/0.1.0', { headers: puller });
  expect(pulled.headers).toMatchObject({
    'content-type': ociManifest,
    'docker-content-digest': sha256(manifest),
  });
  expect(pulled.bytes.toString()).toBe(manifest);
  for (const layer of layers) {
    const { bytes } = await at.send('GET', `/v2/team/app/blobs/${sha256(layer)}`, { headers: puller });
    expect(bytes).toEqual(layer);
  }
});

describe('a manifest', () => {
  test('is found by tag and by digest, by GET and by HEAD', async () => {
    const manifest = await pushImage('1');
    for (const reference of ['1', sha256(manifest)]) {
      const path = `/v2/team/app/manifests/${reference}`;
      expect((await get(path)).bytes.toString()).toBe(manifest);
      const head = await at.send('HEAD', path, { headers });
      expect(head).toMatchObject({
        status: 200,
        headers: { 'content-length': String(manifest.length), 'docker-content-digest': sha256(manifest) },
      });
    }
  });

  test('pushed by digest may bring its tags along', async () => {
    const manifest = await pushImage('1');
    const answer = await put(`${sha256(manifest)}?tag=2&tag=latest`, manifest);
    expect(answer.headers['oci-tag']).toBe('2, latest');
    expect((await get('/v2/team/app/manifests/latest')).status).toBe(200);
    expect((await put(sha256('other'), manifest)).json.errors[0].code).toBe('DIGEST_INVALID');
  });

  const absent = sha256('absent');
  test.each([
    ['no JSON', ociManifest, '{', 'MANIFEST_INVALID'],
    ['an array', ociManifest, '[]', 'MANIFEST_INVALID'],
    ['another schema', ociManifest, '{"schemaVersion":1}', 'MANIFEST_INVALID'],
    ['no config', ociManifest, '{"schemaVersion":2,"layers":[]}', 'MANIFEST_INVALID'],
    ['a bad digest', ociManifest, imageManifest('sha256:1', []), 'MANIFEST_INVALID'],
    ['an unknown type', 'text/plain', imageManifest(absent, []), 'MANIFEST_INVALID'],
    [
      'two types',
      ociIndex,
      `{"schemaVersion":2,"mediaType":"${ociManifest}","manifests":[]}`,
      'MANIFEST_INVALID',
    ],
    ['a missing blob', ociManifest, imageManifest(absent, []), 'MANIFEST_BLOB_UNKNOWN'],
    [
      'a missing manifest',
      ociIndex,
      `{"schemaVersion":2,"manifests":[{"digest":"${absent}","size":1}]}`,
      'MANIFEST_BLOB_UNKNOWN',
    ],
  ])('with %s is refused', async (_, type, body, code) => {
    const answer = await put('1', body, type);
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].code).toBe(code);
    expect((await get('/v2/team/app/manifests/1')).status).toBe(404);
  });

  test('may be 4 MiB large, and no larger', async () => {
    const config = await at.pushBlob('team/app', '{}');
    const empty = imageManifest(config, [], { annotations: { pad: '' } }).length;
    const sized = (size: number) =>
      imageManifest(config, [], { annotations: { pad: 'x'.repeat(size - empty) } });
    expect((await put('fits', sized(4 * 1024 * 1024))).status).toBe(201);
    expect((await put('large', sized(4 * 1024 * 1024 + 1))).status).toBe(413);
  });

  test('wins a tag that many push at once; the others stay, by their digests', async () => {
    const config = await at.pushBlob('team/app', '{}');
    const pushed = Array.from({ length: 20 }, (_, n) =>
      imageManifest(config, [], { annotations: { n: `${n}` } }),
    );
    const answers = await Promise.all(pushed.map((manifest) => put('latest', manifest)));
    expect(answers.map(({ status }) => status)).toEqual(pushed.map(() => 201));
    expect(pushed).toContain((await get('/v2/team/app/manifests/latest')).bytes.toString());
    for (const manifest of pushed) {
      const { bytes } = await get(`/v2/team/app/manifests/${sha256(manifest)}`);
      expect(bytes.toString()).toBe(manifest);
    }
  });

  test('of an index needs its manifests', async () => {
    const manifest = await pushImage('1');
    const entry = { mediaType: ociManifest, digest: sha256(manifest), size: manifest.length };
    const index = JSON.stringify({ schemaVersion: 2, manifests: [entry] });
    expect((await put('all', index, ociIndex)).status).toBe(201);
    expect((await get('/v2/team/app/manifests/all')).headers['content-type']).toBe(ociIndex);
  });

  test('is deleted with its tags; a tag alone leaves the manifest', async () => {
    const digest = sha256(await pushImage('1'));
    await put('2', (await get('/v2/team/app/manifests/1')).bytes);
    expect((await remove('/v2/team/app/manifests/1')).status).toBe(202);
    expect((await get('/v2/team/app/manifests/1')).status).toBe(404);
    expect((await get(`/v2/team/app/manifests/${digest}`)).status).toBe(200);
    expect((await remove(`/v2/team/app/manifests/${digest}`)).status).toBe(202);
    const gone = await get('/v2/team/app/manifests/2');
    expect(gone.json.errors[0].message).toBe('manifest tagged by "2" is not found');
    expect((await remove(`/v2/team/app/manifests/${digest}`)).status).toBe(404);
  });
});

describe('a blob', () => {
  const content = Buffer.from('0123456789');
  const path = `/v2/team/app/blobs/${sha256(content)}`;
  beforeEach(async () => {
    await at.pushBlob('team/app', content);
  });

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=5-', '56789', 'bytes 5-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('answers %s', async (range, text, contentRange) => {
    const answer = await get(path, { range });
    expect(answer).toMatchObject({ status: 206, headers: { 'content-range': contentRange } });
    expect(answer.bytes.toString()).toBe(text);
  });

  test('cannot answer a range past its end', async () => {
    const answer = await get(path, { range: 'bytes=10-' });
    expect(answer).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */10' } });
  });

  test('is the repository its own: another repository and another registry do not see it', async () => {
    expect((await get(path.replace('app', 'app2'))).json.errors[0].code).toBe('BLOB_UNKNOWN');
    const other = await at.send('GET', path, { headers: basic('other', 'first'), host: 'other.azurecr.io' });
    expect(other.status).toBe(404);
  });

  test('whose file somebody has cut short is refused, and named in one line of the log', async () => {
    const hex = sha256(content).slice('sha256:'.length);
    await truncate(join(at.blobsDir, 'sha256', hex.slice(0, 2), hex), 5);
    expect((await get(path)).status).toBe(500);
    expect(at.faults).toEqual([
      `GET hoge.azurecr.io${path} failed: blob ${sha256(content)} is damaged on the registry's disk: 5 of 10 bytes`,
    ]);
  });

  test('is deleted', async () => {
    expect((await remove(path)).status).toBe(202);
    expect((await get(path)).status).toBe(404);
    expect((await remove(path)).status).toBe(404);
  });

  test('goes with its registry', async () => {
    at.deleteRegistry('hoge.azurecr.io');
    expect((await get(path)).status).toBe(404);
  });
});

describe('discovery', () => {
  test('tags come in order, in pages', async () => {
    const manifest = await pushImage('b');
    for (const tag of ['a', 'C', '1']) await put(tag, manifest);
    const list = '/v2/team/app/tags/list';
    expect((await get(list)).json).toEqual({ name: 'team/app', tags: ['1', 'C', 'a', 'b'] });
    const seen = [];
    for (let path: string | undefined = `${list}?n=3`; path; ) {
      const { json, headers } = await get(path);
      seen.push(json.tags);
      path = /<(.*)>; rel="next"/.exec(String(headers.link))?.[1];
    }
    expect(seen).toEqual([['1', 'C', 'a'], ['b']]);
    expect((await get(`${list}?last=C`)).json.tags).toEqual(['a', 'b']);
    expect((await get(`${list}?n=0`)).json.tags).toEqual([]);
    expect((await get(`${list}?n=-1`)).status).toBe(400);
    expect((await get('/v2/nowhere/tags/list')).json.errors[0].code).toBe('NAME_UNKNOWN');
  });

  test('repositories come in pages', async () => {
    const config = await at.pushBlob('a', '{}');
    await at.pushBlob('b', '{}');
    for (const repository of ['b', 'a']) await put('1', imageManifest(config, []), ociManifest, repository);
    expect((await get('/v2/_catalog')).json).toEqual({ repositories: ['a', 'b'] });
    const { headers } = await get('/v2/_catalog?n=1');
    expect(headers.link).toBe('</v2/_catalog?last=a&n=1&orderby=>; rel="next"');
  });

  test('referrers name their subject, with a filter', async () => {
    const subject = { mediaType: ociManifest, digest: sha256(await pushImage('1')), size: 1 };
    const annotations = { made: 'today' };
    const sbom = await pushImage('sbom', 0, { subject, artifactType: 'a/sbom', annotations });
    const plain = imageManifest(await at.pushBlob('team/app', '{}'), [], { subject });
    const pushed = await put(sha256(plain), plain);
    expect(pushed.headers['oci-subject']).toBe(subject.digest);

    const path = `/v2/team/app/referrers/${subject.digest}`;
    const all = await get(path);
    expect(all.headers['content-type']).toBe(ociIndex);
    expect(all.json.manifests).toHaveLength(2);
    expect(all.json.manifests.map((each: { artifactType: string }) => each.artifactType).sort()).toEqual([
      'a/sbom',
      'application/vnd.oci.image.config.v1+json',
    ]);
    const some = await get(`${path}?artifactType=a/sbom`);
    expect(some.headers['oci-filters-applied']).toBe('artifactType');
    expect(some.json.manifests).toEqual([
      {
        mediaType: ociManifest,
        digest: sha256(sbom),
        size: sbom.length,
        artifactType: 'a/sbom',
        annotations,
      },
    ]);
    expect((await get(`/v2/team/app/referrers/${sha256('none')}`)).json.manifests).toEqual([]);
    expect((await get('/v2/team/app/referrers/nonsense')).status).toBe(400);
  });
});
