import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  basic,
  imageManifest,
  ociManifest,
  type RegistryServer,
  startRegistryServer,
} from '../../../test/registry-server.ts';
import { sha256 } from '../../../test/sha256.ts';

const headers = basic('hoge', 'first');
const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';
const ociIndex = 'application/vnd.oci.image.index.v1+json';
const ociConfig = 'application/vnd.oci.image.config.v1+json';
const enabled = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true };
/** When the test server's clock starts, and a second and so on later. */
const time = (seconds: number) => new Date(Date.UTC(2026, 10, 23) + seconds * 1000).toISOString();
let at: RegistryServer;

beforeEach(async () => {
  at = await startRegistryServer();
});
afterEach(() => at.stop());

const send = (method: string, path: string, body?: unknown) =>
  at.send(method, `/acr/v1/${path}`, { headers, body: body === undefined ? '' : JSON.stringify(body) });
const get = async (path: string) => (await send('GET', path)).json;

/** Follows the links of a list, as clients do. */
async function pages(path: string, items: string): Promise<unknown[][]> {
  const found = [];
  for (let next: string | undefined = `/acr/v1/${path}`; next; ) {
    const { json, headers: answered } = await at.send('GET', next, { headers });
    found.push(json[items]);
    next = /^<(.*)>; rel="next"$/.exec(String(answered.link))?.[1];
  }
  return found;
}
const namesOf = (tags: unknown[]) => (tags as { name: string }[]).map(({ name }) => name);

describe('what is told', () => {
  test('of a repository: its times and counts', async () => {
    const digest = await at.pushImage('team/app', '1');
    await at.advance(1000);
    await at.pushImage('team/app', '2');
    await at.advance(1000);
    const repository = {
      registry: 'hoge.azurecr.io',
      imageName: 'team/app',
      createdTime: time(0),
      lastUpdateTime: time(1),
      manifestCount: 1,
      tagCount: 2,
      changeableAttributes: enabled,
    };
    expect(await get('team/app')).toEqual(repository);
    await send('DELETE', 'team/app/_tags/2');
    expect(await get('team%2Fapp')).toEqual({ ...repository, lastUpdateTime: time(2), tagCount: 1 });
    await send('PATCH', `team/app/_manifests/${digest}`, { readEnabled: false });
    expect(await get('team/app')).toMatchObject({ lastUpdateTime: time(2) });
  });

  test('of a tag: where it points, since when', async () => {
    const first = await at.pushImage('a', '1');
    await at.advance(1000);
    const second = await at.pushImage('a', '1', '{"os":"plan9"}');
    const tag = {
      name: '1',
      digest: second,
      createdTime: time(0),
      lastUpdateTime: time(1),
      signed: false,
      changeableAttributes: enabled,
    };
    expect(await get('a/_tags/1')).toEqual({ registry: 'hoge.azurecr.io', imageName: 'a', tag });
    expect(await get('a/_tags')).toEqual({ registry: 'hoge.azurecr.io', imageName: 'a', tags: [tag] });
    expect((await get('a/_manifests')).manifests).toHaveLength(2);
    expect((await get(`a/_manifests/${first}`)).manifest).not.toHaveProperty('tags');
  });

  test('of an image: its tags, its platform, and the bytes of manifest, config and layers', async () => {
    const [config, layer] = ['{"architecture":"arm64","os":"linux"}', 'a layer'];
    const body = imageManifest(await at.pushBlob('a', config), [await at.pushBlob('a', layer)]);
    for (const tag of ['b', 'a']) await at.pushManifest('a', tag, body);
    const manifest = {
      digest: sha256(body),
      imageSize: body.length + config.length + layer.length,
      createdTime: time(0),
      lastUpdateTime: time(0),
      architecture: 'arm64',
      os: 'linux',
      mediaType: ociManifest,
      configMediaType: ociConfig,
      tags: ['a', 'b'],
      changeableAttributes: enabled,
    };
    const image = { registry: 'hoge.azurecr.io', imageName: 'a' };
    expect(await get('a/_manifests')).toEqual({ ...image, manifests: [manifest] });
    expect(await get(`a/_manifests/${encodeURIComponent(sha256(body))}`)).toEqual({ ...image, manifest });
  });

  test('of an index: what it refers to, and the bytes of all', async () => {
    const images = [
      await at.pushImage('a', undefined, '{"architecture":"amd64","os":"linux"}'),
      await at.pushImage('a', undefined, '{"architecture":"arm64","os":"linux"}'),
    ];
    const sizes = (await get('a/_manifests')).manifests.map((each: { imageSize: number }) => each.imageSize);
    const platforms = [{ architecture: 'amd64', os: 'linux' }, undefined];
    const manifests = images.map((digest, i) => ({ digest, size: 1, platform: platforms[i] }));
    const body = JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests });
    await at.pushManifest('a', '1', body, ociIndex);
    const { manifest } = await get(`a/_manifests/${sha256(body)}`);
    expect(manifest).toEqual({
      digest: sha256(body),
      imageSize: body.length + sizes[0] + sizes[1],
      createdTime: time(0),
      lastUpdateTime: time(0),
      mediaType: ociIndex,
      tags: ['1'],
      changeableAttributes: enabled,
      references: [{ digest: images[0], architecture: 'amd64', os: 'linux' }, { digest: images[1] }],
    });
  });

  test.each([
    ['a config that is no image config', 'application/vnd.cncf.helm.config.v1+json', '{"os":"linux"}'],
    ['an image config that is no JSON', ociConfig, 'no JSON'],
    ['an image config of another form', ociConfig, '{"os":["linux"]}'],
    ['an empty image config', ociConfig, ''],
  ])('of %s: no platform', async (_, mediaType, config) => {
    const digest = await at.pushBlob('a', config);
    const body = imageManifest(digest, [], { config: { mediaType, digest, size: config.length } });
    await at.pushManifest('a', '1', body);
    const { manifest } = await get(`a/_manifests/${sha256(body)}`);
    expect(manifest).toMatchObject({ configMediaType: mediaType });
    expect(manifest).not.toHaveProperty('os');
  });

  test('of a Docker image, the same as of an OCI image', async () => {
    const config = await at.pushBlob('a', '{"architecture":"amd64","os":"windows"}');
    const mediaType = 'application/vnd.docker.container.image.v1+json';
    const more = { mediaType: dockerManifest, config: { mediaType, digest: config, size: 1 } };
    await at.pushManifest('a', '1', imageManifest(config, [], more), dockerManifest);
    expect((await get('a/_manifests')).manifests).toMatchObject([
      { os: 'windows', mediaType: dockerManifest },
    ]);
  });
});

describe('lists', () => {
  beforeEach(async () => {
    for (const tag of ['b', 'c', 'a']) {
      await at.pushImage('team/app', tag, `{"os":"${tag}"}`);
      await at.advance(1000);
    }
    await at.pushImage('team/app', 'd', '{"os":"a"}');
  });

  test.each([
    ['', [['a', 'b', 'c'], ['d']]],
    ['&orderby=', [['a', 'b', 'c'], ['d']]],
    ['&orderby=none', [['a', 'b', 'c'], ['d']]],
    ['&orderby=timeasc', [['b', 'c', 'a'], ['d']]],
    ['&orderby=timedesc', [['d', 'a', 'c'], ['b']]],
  ])('tags come in pages of three%s', async (order, expected) => {
    const found = await pages(`team/app/_tags?n=3${order}`, 'tags');
    expect(found.map(namesOf)).toEqual(expected);
  });

  test('tags of one manifest keep to it from page to page', async () => {
    const { digest } = (await get('team/app/_tags/a')).tag;
    const found = await pages(`team/app/_tags?n=1&digest=${digest}&api-version=2021-07-01`, 'tags');
    expect(found.map(namesOf)).toEqual([['a'], ['d']]);
  });

  test('manifests come by digest, or by time', async () => {
    const digests = async (query: string) =>
      (await pages(`team/app/_manifests?n=2${query}`, 'manifests')).map((page) =>
        page.map((each) => (each as { digest: string }).digest),
      );
    const all = (await digests('')).flat();
    expect(all).toEqual([...all].sort());
    const byTime = (await digests('&orderby=timedesc')).map((page) => page.length);
    expect(byTime).toEqual([2, 1]);
    const { manifests } = await get('team/app/_manifests?orderby=timeasc');
    expect(manifests.map((each: { os: string }) => each.os)).toEqual(['b', 'c', 'a']);
  });

  test('the link is as ACR writes it', async () => {
    const { headers: answered } = await send('GET', 'team%2Fapp/_tags?n=1&orderby=timedesc');
    expect(answered.link).toBe('</acr/v1/team%2Fapp/_tags?last=d&n=1&orderby=timedesc>; rel="next"');
    const { headers: plain } = await send('GET', 'team/app/_manifests?n=1');
    expect(plain.link).toMatch(
      /^<\/acr\/v1\/team%2Fapp\/_manifests\?last=sha256%3A[0-9a-f]{64}&n=1&orderby=>; rel="next"$/,
    );
  });

  test('repositories come in pages', async () => {
    await at.pushImage('another', '1');
    expect(await pages('_catalog?n=1', 'repositories')).toEqual([['another'], ['team/app']]);
    expect(await get('_catalog?last=b')).toEqual({ repositories: ['team/app'] });
  });

  test('a client that deletes page by page, in the order of time, gets them all', async () => {
    let last = '';
    for (const expected of ['d', 'a', 'c', 'b']) {
      const { tags } = await get(`team/app/_tags?n=1&orderby=timedesc&last=${last}`);
      expect(namesOf(tags)).toEqual([expected]);
      last = expected;
      await send('DELETE', `team/app/_tags/${expected}`);
    }
  });
});
