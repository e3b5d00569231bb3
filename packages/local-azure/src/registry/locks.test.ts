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
let at: RegistryServer;
/** The image `a:1`, which is `a:2` as well. */
let digest: string;
let layer: string;
let manifest: string;

beforeEach(async () => {
  at = await startRegistryServer();
  layer = await at.pushBlob('a', 'a layer');
  manifest = imageManifest(await at.pushBlob('a', '{}'), [layer]);
  for (const tag of ['1', '2']) digest = await at.pushManifest('a', tag, manifest);
});
afterEach(() => at.stop());

const send = async (method: string, path: string, body?: string | object) => {
  const isManifest = path.startsWith('/v2/') && typeof body === 'string';
  const { status, json } = await at.send(method, path, {
    headers: { ...headers, ...(isManifest ? { 'content-type': ociManifest } : {}) },
    body: typeof body === 'object' ? JSON.stringify(body) : (body ?? ''),
  });
  return { status, json };
};

const places = {
  repository: () => '/acr/v1/a',
  tag: () => '/acr/v1/a/_tags/1',
  manifest: () => `/acr/v1/a/_manifests/${digest}`,
};
type Place = keyof typeof places;

async function set(place: Place, attributes: Record<string, boolean>): Promise<void> {
  expect((await send('PATCH', places[place](), attributes)).status).toBe(200);
}

const actions = {
  'pull by tag': () => send('GET', '/v2/a/manifests/1'),
  'pull by another tag': () => send('GET', '/v2/a/manifests/2'),
  'pull by digest': () => send('HEAD', `/v2/a/manifests/${digest}`),
  'pull of a layer': () => send('GET', `/v2/a/blobs/${layer}`),
  'list of referrers': () => send('GET', `/v2/a/referrers/${digest}`),
  'push to the tag': () => send('PUT', '/v2/a/manifests/1', `${manifest} `),
  'push of the same to the tag': () => send('PUT', '/v2/a/manifests/1', manifest),
  'push of the same to another tag': () => send('PUT', '/v2/a/manifests/2', manifest),
  'push of another to another tag': () => send('PUT', '/v2/a/manifests/2', `${manifest} `),
  'push by digest with the tag': () =>
    send('PUT', `/v2/a/manifests/${sha256(`${manifest} `)}?tag=1`, `${manifest} `),
  'upload of a layer': () => send('POST', `/v2/a/blobs/uploads/?digest=${sha256('x')}`, 'x'),
  'deletion of the tag': () => send('DELETE', '/acr/v1/a/_tags/1'),
  'deletion of the tag by OCI': () => send('DELETE', '/v2/a/manifests/1'),
  'deletion of another tag': () => send('DELETE', '/acr/v1/a/_tags/2'),
  'deletion of the manifest': () => send('DELETE', `/v2/a/manifests/${digest}`),
  'deletion of a layer': () => send('DELETE', `/v2/a/blobs/${layer}`),
  'deletion of the repository': () => send('DELETE', '/acr/v1/a'),
};
type Action = keyof typeof actions;

const pulls: Action[] = ['pull by tag', 'pull by another tag', 'pull by digest', 'pull of a layer'];
const deletionsOfTag: Action[] = ['deletion of the tag', 'deletion of the tag by OCI'];
const pushesToTag: Action[] = [
  'push to the tag',
  'push of the same to the tag',
  'push by digest with the tag',
];
const deletions: Action[] = ['deletion of the manifest', 'deletion of the repository'];
const forbidden: [Place, string, Action[]][] = [
  [
    'repository',
    'writeEnabled',
    [
      ...pushesToTag,
      'push of the same to another tag',
      'push of another to another tag',
      'upload of a layer',
      ...deletionsOfTag,
      'deletion of another tag',
      'deletion of a layer',
      ...deletions,
    ],
  ],
  ['repository', 'deleteEnabled', ['deletion of the repository']],
  ['repository', 'readEnabled', [...pulls, 'list of referrers']],
  ['repository', 'listEnabled', []],
  ['tag', 'writeEnabled', [...pushesToTag, ...deletionsOfTag, ...deletions]],
  ['tag', 'deleteEnabled', [...deletionsOfTag, ...deletions]],
  ['tag', 'readEnabled', ['pull by tag']],
  ['tag', 'listEnabled', []],
  [
    'manifest',
    'writeEnabled',
    ['push of the same to the tag', 'push of the same to another tag', ...deletions],
  ],
  ['manifest', 'deleteEnabled', deletions],
  ['manifest', 'readEnabled', ['pull by tag', 'pull by another tag', 'pull by digest']],
  ['manifest', 'listEnabled', []],
];

describe.each(forbidden)('a %s without %s', (place, attribute, refused) => {
  test.each(Object.keys(actions) as Action[])('%s', async (action) => {
    await set(place, { [attribute]: false });
    const { status } = await actions[action]();
    if (!refused.includes(action)) return expect(status).toBeLessThan(300);
    expect(status).toBe(405);
    await set(place, { [attribute]: true });
    expect((await actions[action]()).status).toBeLessThan(300);
  });
});

test('the refusal has the words of ACR', async () => {
  await set('tag', { writeEnabled: false });
  expect((await actions['push to the tag']()).json).toEqual({
    errors: [
      {
        code: 'REGISTRY_DISALLOWED_OPERATION',
        message:
          'The operation is disallowed on this registry, repository or image. View troubleshooting steps at https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation',
        detail: {},
      },
    ],
  });
});

test('what may not be listed is in no list, and is found by its name', async () => {
  await at.pushImage('b', '1');
  const listed = async () => ({
    repositories: (await send('GET', '/acr/v1/_catalog')).json.repositories,
    v2Repositories: (await send('GET', '/v2/_catalog')).json.repositories,
    tags: (await send('GET', '/acr/v1/a/_tags')).json.tags.map((tag: { name: string }) => tag.name),
    v2Tags: (await send('GET', '/v2/a/tags/list')).json.tags,
    manifests: (await send('GET', '/acr/v1/a/_manifests')).json.manifests.length,
  });
  await set('tag', { listEnabled: false });
  expect(await listed()).toMatchObject({ tags: ['2'], v2Tags: ['2'], manifests: 1 });
  await set('manifest', { listEnabled: false });
  await set('repository', { listEnabled: false });
  expect(await listed()).toEqual({
    repositories: ['b'],
    v2Repositories: ['b'],
    tags: ['2'],
    v2Tags: ['2'],
    manifests: 0,
  });
  for (const path of Object.values(places)) expect((await send('GET', path())).status).toBe(200);
  expect((await actions['pull by tag']()).status).toBe(200);
});

test('a locked referrer holds its subject', async () => {
  const subject = { mediaType: ociManifest, digest, size: manifest.length };
  const referrer = await at.pushImage('a', undefined, '{"a":"signature"}', { subject });
  await send('PATCH', `/acr/v1/a/_manifests/${referrer}`, { deleteEnabled: false });
  expect((await actions['deletion of the manifest']()).status).toBe(405);
  await send('PATCH', `/acr/v1/a/_manifests/${referrer}`, { deleteEnabled: true });
  expect((await actions['deletion of the manifest']()).status).toBe(202);
});

test('a tag keeps its locks when another manifest takes it, and not when it is made anew', async () => {
  const attributes = async () => (await send('GET', places.tag())).json.tag.changeableAttributes;
  await set('tag', { listEnabled: false });
  await actions['push to the tag']();
  expect(await attributes()).toMatchObject({ listEnabled: false });
  await actions['deletion of the tag']();
  await actions['push to the tag']();
  expect(await attributes()).toMatchObject({ listEnabled: true });
});

test.each(['&from=a', ''])(
  'a repository that must not be read gives no blob away by a mount (%s)',
  async (from) => {
    const mount = () => send('POST', `/v2/b/blobs/uploads/?mount=${layer}${from}`);
    await set('repository', { readEnabled: false });
    expect((await mount()).status).toBe(202);
    await set('repository', { readEnabled: true });
    expect((await mount()).status).toBe(201);
  },
);
