import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  addImage,
  authenticationRequired,
  refuse,
  type ScriptedRegistry,
  startScriptedRegistry,
} from '../../test/scripted-registry.ts';
import { sha256 } from '../../test/sha256.ts';
import { parseImageReference } from './image-reference.ts';
import { createImageStore } from './image-store.ts';
import { PullError } from './pull-error.ts';
import { createPuller, type PullEvent, type Puller } from './puller.ts';
import type { PullCredentials } from './registry-client.ts';

let folder: string;
let registry: ScriptedRegistry;
let puller: Puller;
let events: PullEvent[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'puller-'));
  registry = await startScriptedRegistry();
  puller = createPuller({ store: createImageStore(folder), agent: registry.agent, architecture: 'amd64' });
  events = [];
});
afterEach(async () => {
  puller.close();
  await registry.close();
  await rm(folder, { recursive: true });
});

const identity: PullCredentials = { kind: 'identity', tenantId: 'tenant', accessToken: 'entra' };

const pull = (
  reference: string,
  credentials: PullCredentials = { kind: 'anonymous' },
  signal = new AbortController().signal,
) =>
  puller.pull({
    image: parseImageReference(`${registry.host}/${reference}`),
    credentials,
    localAddress: '127.0.0.1',
    signal,
    onEvent: (event) => events.push(event),
  });

/** The fault and the message of a pull that must fail, with the registry's address left out. */
const failure = (reference: string, credentials?: PullCredentials) =>
  pull(reference, credentials).then(
    () => 'pulled',
    (error: unknown) =>
      error instanceof PullError ? [error.fault, error.message.replaceAll(registry.host, 'HOST')] : error,
  );

const blobFiles = async () => (await readdir(join(folder, 'blobs', 'sha256'))).length;
const downloads = () => registry.asked.filter((line) => line.includes('/blobs/'));

describe('a pull', () => {
  test('brings all blobs to the disk, lowest layer first', async () => {
    const { digest, layers } = addImage(registry, '1', ['one', 'two'], { Cmd: ['/run'] });
    const image = await pull('app:1');
    expect(image).toMatchObject({
      reference: `${registry.host}/app:1`,
      digest,
      config: { config: { Cmd: ['/run'] } },
    });
    expect(image.layers.map((layer) => layer.digest)).toEqual(layers);
    expect(gunzipSync(await readFile(image.layers[1]!.path)).toString()).toBe('two');
    expect(
      events.map((event) => ('status' in event ? event.status : event.kind)).filter((e) => e !== 'progress'),
    ).toEqual([
      'pulling',
      'new',
      'new',
      'verifying',
      'downloaded',
      'verifying',
      'downloaded',
      'complete',
      'complete',
      'done',
    ]);
  });

  test('takes from an index the image for this platform', async () => {
    const { digest } = addImage(registry, '1', ['one']);
    expect((await pull('app:1-index')).digest).toBe(digest);
    // As Docker does. Source: moby distribution/pull_v2.go, pullManifestList
    const named = sha256(registry.manifests.get('1-index')!.body);
    expect(events.at(-1)).toMatchObject({ kind: 'done', digest: named });
  });

  test('by digest', async () => {
    const { digest } = addImage(registry, '1', ['one']);
    expect((await pull(`app@${digest}`)).digest).toBe(digest);
  });

  test('downloads each layer once, for however many sites', async () => {
    addImage(registry, '1', ['one', 'two']);
    addImage(registry, '2', ['two', 'three']);
    await Promise.all([pull('app:1'), pull('app:2'), pull('app:1')]);
    await pull('app:1');
    expect(new Set(downloads()).size).toBe(downloads().length);
    expect(events.at(-1)).toMatchObject({ kind: 'done', changed: false });
  });

  test('follows a redirect without showing its token', async () => {
    const { layers } = addImage(registry, '1', ['one']);
    registry.accepts = { identityToken: 'entra' };
    let shown: string | undefined;
    const data = registry.host.replace('hoge', 'hoge.japaneast.data');
    registry.answers.set(`/v2/app/blobs/${layers[0]}`, (_request, response) =>
      response.writeHead(307, { location: `https://${data}/data/x` }).end(),
    );
    registry.answers.set('/data/x', (request, response) => {
      shown = request.headers.authorization;
      response.end(registry.blobs.get(layers[0]!));
    });
    await pull('app:1', identity);
    expect(shown).toBeUndefined();
  });

  test('leaves an image behind that can be used without the registry', async () => {
    const { digest } = addImage(registry, '1', ['one']);
    const image = parseImageReference(`${registry.host}/app:1`);
    expect(await puller.local(image)).toBeUndefined();
    await pull('app:1');
    expect(await puller.local(image)).toMatchObject({ digest });
  });

  test('starts over when a connection breaks within a layer', async () => {
    const { layers } = addImage(registry, '1', ['one'.repeat(1000)]);
    const content = registry.blobs.get(layers[0]!)!;
    let tries = 0;
    registry.answers.set(`/v2/app/blobs/${layers[0]}`, (_request, response) => {
      if (++tries === 3) return response.end(content);
      response.writeHead(200, { 'content-length': content.length });
      return response.write(content.subarray(0, 5), () => response.destroy());
    });
    await expect(pull('app:1')).resolves.toBeDefined();
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  test('that is given up while the registry is silent rejects at once', async () => {
    registry.answers.set('/v2/app/manifests/1', () => {});
    const stop = new AbortController();
    const silent = pull('app:1', undefined, stop.signal);
    await expect.poll(() => registry.asked).toContain('GET /v2/app/manifests/1');
    stop.abort(new Error('superseded'));
    await expect(silent).rejects.toThrow('superseded');
  });

  test('that is given up rejects at once; its downloads serve the next', async () => {
    const { layers } = addImage(registry, '1', ['one']);
    let release = () => {};
    registry.answers.set(`/v2/app/blobs/${layers[0]}`, (_request, response) => {
      release = () => response.end(registry.blobs.get(layers[0]!));
    });
    const stop = new AbortController();
    const first = pull('app:1', undefined, stop.signal);
    await expect.poll(() => downloads().length).toBe(2);
    stop.abort(new Error('superseded'));
    await expect(first).rejects.toThrow('superseded');
    const second = pull('app:1');
    release();
    await second;
    expect(downloads().length).toBe(2);
  });
});

describe('who may pull', () => {
  beforeEach(() => {
    addImage(registry, '1', ['one']);
    registry.accepts = { identityToken: 'entra', basic: Buffer.from('user:secret').toString('base64') };
  });
  const refused = [
    'unauthorized',
    `Head "https://HOST/v2/app/manifests/1": unauthorized: ${authenticationRequired}`,
  ];

  test.each<[string, PullCredentials, unknown]>([
    ['the identity', identity, 'pulled'],
    ['another identity', { ...identity, accessToken: 'other' }, refused],
    ['the user', { kind: 'password', username: 'user', password: 'secret' }, 'pulled'],
    ['a wrong password', { kind: 'password', username: 'user', password: 'x' }, refused],
    ['nobody', { kind: 'anonymous' }, refused],
  ])('%s', async (_who, credentials, outcome) => {
    expect(await failure('app:1', credentials)).toEqual(outcome);
  });

  test('an image that is not there', async () => {
    expect(await failure('app:9', identity)).toEqual([
      'not-found',
      'manifest for HOST/app:9 not found: manifest unknown: manifest tagged by "9" is not found',
    ]);
  });
});

describe('what can go wrong', () => {
  test.each([
    [
      'nosuch.azurecr.io/app:1',
      'host-unknown',
      'Get "https://nosuch.azurecr.io/v2/": dial tcp: lookup nosuch.azurecr.io: no such host',
    ],
    [
      'hoge.azurecr.io:1/app:1',
      'unreachable',
      'Get "https://hoge.azurecr.io:1/v2/": dial tcp hoge.azurecr.io:1: connect: connection refused',
    ],
  ])('%s', async (reference, fault, message) => {
    const image = parseImageReference(reference);
    const signal = new AbortController().signal;
    const error = await puller
      .pull({ image, credentials: identity, localAddress: '127.0.0.1', signal, onEvent: () => {} })
      .catch((e) => e);
    expect([error.fault, error.message]).toEqual([fault, message]);
  });

  test('the registry is ill', async () => {
    registry.answers.set('/v2/', (_request, response) => response.writeHead(503).end());
    expect(await failure('app:1')).toEqual([
      'registry-fault',
      'received unexpected HTTP status: 503 Service Unavailable',
    ]);
  });

  test('the firewall', async () => {
    const message =
      "client with IP '1.2.3.4' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";
    registry.answers.set('/v2/app', (_request, response) => refuse(response, 403, 'DENIED', message));
    expect(await failure('app:1')).toEqual([
      'denied',
      `Head "https://HOST/v2/app/manifests/1": denied: ${message}`,
    ]);
  });

  test.each<[string, (content: Buffer) => Buffer, string, RegExp]>([
    ['truncated', (content) => content.subarray(0, -1), 'truncated', /^unexpected EOF$/],
    ['too long', (content) => Buffer.concat([content, content]), 'digest-mismatch', /size validation/],
    ['altered', (content) => Buffer.from(content).fill(0, 10, 11), 'digest-mismatch', /verification failed/],
  ])('a layer that is %s is refused, and nothing of it stays', async (_what, spoil, fault, message) => {
    const { layers } = addImage(registry, '1', ['one']);
    registry.blobs.set(layers[0]!, spoil(registry.blobs.get(layers[0]!)!));
    const [got, text] = (await failure('app:1')) as string[];
    expect(got).toBe(fault);
    expect(text).toMatch(message);
    // The configuration alone.
    expect(await blobFiles()).toBe(1);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  test('a manifest that is another than its digest says', async () => {
    const { digest } = addImage(registry, '1', ['one']);
    registry.manifests.set(digest, { ...registry.manifests.get('1')!, body: Buffer.from('{}') });
    expect(await failure(`app@${digest}`)).toMatchObject(['digest-mismatch', expect.any(String)]);
  });

  test.each<[string, string, string, unknown]>([
    [
      'no platform of ours',
      'application/vnd.oci.image.index.v1+json',
      '{"manifests":[]}',
      'no-matching-platform',
    ],
    ['an old schema', 'application/vnd.docker.distribution.manifest.v1+json', '{}', 'unsupported-manifest'],
    ['not JSON', 'application/vnd.oci.image.manifest.v1+json', 'hello', 'unsupported-manifest'],
    [
      'a digest with a path in it',
      'application/vnd.oci.image.manifest.v1+json',
      JSON.stringify({
        config: { mediaType: 'x', digest: 'sha256:../../../etc/passwd', size: 1 },
        layers: [],
      }),
      'unsupported-manifest',
    ],
  ])('%s', async (_what, mediaType, text, fault) => {
    const body = Buffer.from(text);
    registry.manifests.set('1', { mediaType, body });
    registry.manifests.set(sha256(body), { mediaType, body });
    expect(await failure('app:1')).toMatchObject([fault, expect.any(String)]);
  });

  test('what an interrupted process left half-written is cleared', async () => {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(folder, 'incoming', 'rest'), 'half');
    createImageStore(folder);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });
});
