import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  basic,
  entraToken,
  imageManifest,
  ociManifest,
  type RegistryServer,
  startRegistryServer,
} from '../../test/registry-server.ts';
import { sha256 } from '../../test/sha256.ts';
import { type ImportOrder, ImportRefused, type Reader } from './import-order.ts';
import type { Digest, Repository, Tag } from './names.ts';

const ociIndex = 'application/vnd.oci.image.index.v1+json';
const source = basic('hoge', 'first');
const target = { headers: basic('other', 'first'), host: 'other.azurecr.io' };
let at: RegistryServer;

beforeEach(async () => {
  at = await startRegistryServer();
});
afterEach(() => at.stop());

/** Pushes to `hoge.azurecr.io/team/app`; the manifest. */
async function push(reference: string, manifest: string, type = ociManifest): Promise<string> {
  const headers = { ...source, 'content-type': type };
  const { status } = await at.send('PUT', `/v2/team/app/manifests/${reference}`, { headers, body: manifest });
  expect(status).toBe(201);
  return manifest;
}
const newImage = async () =>
  imageManifest(await at.pushBlob('team/app', randomBytes(10)), [
    await at.pushBlob('team/app', randomBytes(100)),
  ]);

const importImage = (more: {
  image?: string;
  to?: string[];
  repositories?: string[];
  reader?: Reader;
  from?: string;
  into?: string;
  force?: boolean;
}) => {
  const { image = 'team/app:1', to = [], repositories = [], force = false } = more;
  const [, repository, tag, digest] = /^([^:@]+)(?::(.+))?(?:@(.+))?$/.exec(image)!;
  const order: ImportOrder = {
    source: {
      registry: more.from ?? 'hoge.azurecr.io',
      repository: repository as Repository,
      reference: digest ? { digest: digest as Digest } : { tag: tag as Tag },
      reader: more.reader ?? { kind: 'password', username: 'hoge', password: 'first' },
    },
    target: {
      registry: more.into ?? 'other.azurecr.io',
      places: [
        ...to.map((each) => {
          const [name, tag] = each.split(':') as [Repository, Tag];
          return { repository: name, tags: [tag] };
        }),
        ...repositories.map((name) => ({ repository: name as Repository, tags: [] })),
      ],
    },
    force,
  };
  return at.registry().imports.run(order);
};

const pull = (path: string) => at.send('GET', path, target);
const digestOf = async (tag: string, repository = 'app') =>
  (await pull(`/v2/${repository}/manifests/${tag}`)).headers['docker-content-digest'];

describe('what is copied', () => {
  test('an image with its blobs, to several tags and repositories, without another copy on disk', async () => {
    const manifest = await push('1', await newImage());
    const files = await at.files();
    await importImage({ to: ['app:1', 'mirror/app:v1'], repositories: ['untagged'] });
    expect(await at.files()).toEqual(files);

    for (const repository of ['app', 'mirror/app', 'untagged']) {
      const pulled = await pull(`/v2/${repository}/manifests/${sha256(manifest)}`);
      expect([pulled.bytes.toString(), pulled.headers['content-type']]).toEqual([manifest, ociManifest]);
      const { config, layers } = JSON.parse(manifest);
      for (const { digest } of [config, ...layers]) {
        expect(sha256((await pull(`/v2/${repository}/blobs/${digest}`)).bytes)).toBe(digest);
      }
    }
    const tags = await Promise.all(
      ['app', 'mirror/app'].map(async (name) => (await pull(`/v2/${name}/tags/list`)).json.tags),
    );
    expect(tags).toEqual([['1'], ['v1']]);
  });

  test('by digest; within a registry, too', async () => {
    const manifest = await push('1', await newImage());
    const image = `team/app@${sha256(manifest)}`;
    await importImage({ image, to: ['app:1'] });
    await importImage({ image, to: ['promoted/app:1'], into: 'hoge.azurecr.io' });
    expect(await digestOf('1')).toBe(sha256(manifest));
    const pulled = await at.send('GET', '/v2/promoted/app/manifests/1', { headers: source });
    expect(pulled.bytes.toString()).toBe(manifest);
  });

  test('an index with the images of all platforms, and indexes in it', async () => {
    const images = [await push('amd64', await newImage()), await push('arm64', await newImage())];
    const descriptor = (mediaType: string, body: string) => ({
      mediaType,
      digest: sha256(body),
      size: body.length,
    });
    const index = (manifests: unknown[]) =>
      JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests });
    const inner = await push('inner', index(images.map((each) => descriptor(ociManifest, each))), ociIndex);
    const outer = await push(
      '1',
      index([descriptor(ociIndex, inner), descriptor(ociManifest, images[0]!)]),
      ociIndex,
    );
    await importImage({ to: ['app:1'] });
    for (const each of [...images, inner, outer]) {
      expect((await pull(`/v2/app/manifests/${sha256(each)}`)).bytes.toString()).toBe(each);
    }
    expect((await pull('/v2/app/tags/list')).json.tags).toEqual(['1']);
  });

  test('stays when the source goes', async () => {
    const manifest = await push('1', await newImage());
    await importImage({ to: ['app:1'] });
    at.deleteRegistry('hoge.azurecr.io');
    await at.restart();
    const [{ digest }] = JSON.parse(manifest).layers;
    expect(sha256((await pull(`/v2/app/blobs/${digest}`)).bytes)).toBe(digest);
  });

  test('is known by its size and platform, as if it had been pushed', async () => {
    const digest = await at.pushImage('team/app', '1', '{"architecture":"arm64","os":"linux"}');
    await at.pushImage('team/app', '2');
    for (const tag of ['1', '2']) await importImage({ image: `team/app:${tag}`, to: [`app:${tag}`] });
    const there = async (
      registry: { headers: Record<string, string>; host?: string },
      repository: string,
    ) => {
      const { json } = await at.send('GET', `/acr/v1/${repository}/_manifests/${digest}`, registry);
      return json.manifest;
    };
    expect(await there(target, 'app')).toEqual(await there({ headers: source }, 'team/app'));
  });

  test('is told as the push that it saves', async () => {
    const manifest = await push('1', await newImage());
    at.events.length = 0;
    await importImage({ to: ['app:1'], repositories: ['untagged'] });
    const common = {
      action: 'push',
      registry: 'other.azurecr.io',
      digest: sha256(manifest),
      size: manifest.length,
    };
    expect(at.events).toMatchObject([
      { ...common, repository: 'app', tags: ['1'] },
      { ...common, repository: 'untagged', tags: [] },
    ]);
  });
});

describe('a tag that exists', () => {
  test('stays, and nothing is copied, unless it may be moved', async () => {
    const first = await push('1', await newImage());
    await importImage({ to: ['app:1'] });
    const second = await push('2', await newImage());
    const again = { image: 'team/app:2', to: ['new:1', 'app:1'] };
    await expect(importImage(again)).rejects.toThrow('Tag app:1 already exists in target registry.');
    expect(await digestOf('1')).toBe(sha256(first));
    expect((await pull('/v2/new/tags/list')).status).toBe(404);
    await importImage({ ...again, force: true });
    expect(await digestOf('1')).toBe(sha256(second));
  });
});

describe('what cannot be copied', () => {
  const nothingIsThere = async () => expect((await pull('/v2/app/tags/list')).status).toBe(404);
  afterEach(nothingIsThere);

  test.each([
    ['a tag that is not there', 'team/app:2', 'manifest tagged by \\"2\\" is not found'],
    ['a digest that is not there', `team/app@${sha256('')}`, `manifest ${sha256('')} is not found`],
    ['a repository that is not there', 'team/web:1', 'MANIFEST_UNKNOWN'],
  ])('%s', async (_what, image, message) => {
    await push('1', await newImage());
    const refused = importImage({ image, to: ['app:1'] });
    await expect(refused).rejects.toThrow(
      'Invalid message NotFound NotFound {"errors":[{"code":"MANIFEST_UNKNOWN"',
    );
    await expect(refused).rejects.toThrow(message);
  });

  test('an image whose blob has been deleted from its repository', async () => {
    const manifest = await push('1', await newImage());
    const [{ digest }] = JSON.parse(manifest).layers;
    await at.send('DELETE', `/v2/team/app/blobs/${digest}`, { headers: source });
    await expect(importImage({ to: ['app:1'] })).rejects.toThrow('BLOB_UNKNOWN');
  });

  test('an index whose image has been deleted', async () => {
    const image = await push('amd64', await newImage());
    const child = { mediaType: ociManifest, digest: sha256(image), size: image.length };
    await push('1', JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests: [child] }), ociIndex);
    await at.send('DELETE', `/v2/team/app/manifests/${sha256(image)}`, { headers: source });
    await expect(importImage({ to: ['app:1'] })).rejects.toThrow(`manifest ${sha256(image)} is not found`);
  });

  test('an index of more than fifty manifests', async () => {
    const config = await at.pushBlob('team/app', '{}');
    const manifests = [];
    for (let i = 0; i < 50; i++) {
      const image = await push(`${i}`, imageManifest(config, [], { annotations: { i: `${i}` } }));
      manifests.push({ mediaType: ociManifest, digest: sha256(image), size: image.length });
    }
    await push('1', JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests }), ociIndex);
    await expect(importImage({ to: ['app:1'] })).rejects.toThrow('more than the 50 manifests');
  });
});

describe('locks hold', () => {
  const lock = (path: string, attributes: unknown, host = 'hoge.azurecr.io', headers = source) =>
    at.send('PATCH', `/acr/v1/${path}`, { host, headers, body: JSON.stringify(attributes) });
  const disallowed = 'REGISTRY_DISALLOWED_OPERATION';

  test('what may not be read is not copied', async () => {
    const manifest = await push('1', await newImage());
    for (const path of ['team/app', 'team/app/_tags/1', `team/app/_manifests/${sha256(manifest)}`]) {
      await lock(path, { readEnabled: false });
      await expect(importImage({ to: ['app:1'] })).rejects.toThrow(disallowed);
      await lock(path, { readEnabled: true });
    }
    await importImage({ to: ['app:1'] });
  });

  test('a tag that may not be written stays, also by force', async () => {
    const first = await push('1', await newImage());
    await importImage({ to: ['app:1'] });
    await lock('app/_tags/1', { writeEnabled: false }, target.host, target.headers);
    const second = { image: 'team/app:2', to: ['app:1'], force: true };
    await push('2', await newImage());
    await expect(importImage(second)).rejects.toThrow(disallowed);
    expect(await digestOf('1')).toBe(sha256(first));
  });
});

describe('who may read the source', () => {
  const unauthorized =
    'Invalid message Unauthorized Unauthorized {"errors":[{"code":"UNAUTHORIZED","message":"authentication required, ' +
    'visit https://aka.ms/acr/authorization for more information.","detail":[{"Type":"repository","Name":"team/app",' +
    '"Action":"pull"}]}]}';
  const principal: Reader = { kind: 'principal', principalId: 'p' };
  const password = (password: string, username?: string): Reader => ({
    kind: 'password',
    username,
    password,
  });
  beforeEach(() => newImage().then((manifest) => push('1', manifest)));

  test.each<[string, Reader]>([
    ['a principal without a pull role', principal],
    ['a wrong password', password('wrong', 'hoge')],
    ['the admin user of another registry', password('first', 'other')],
    ['nobody, without anonymous pull', { kind: 'anonymous' }],
    ["somebody's token of Entra ID without a role", password(entraToken('p'))],
  ])('not %s', async (_who, reader) => {
    at.grant('p', 'AcrDelete');
    await expect(importImage({ reader, to: ['app:1'] })).rejects.toThrow(unauthorized);
  });

  test('not a principal with a pull role at another registry', async () => {
    at.grant('p', 'AcrPull');
    const from = 'other.azurecr.io';
    await expect(importImage({ reader: principal, from, to: ['app:1'] })).rejects.toThrow(unauthorized);
  });

  test('in an ABAC registry, a principal whose role covers the repository', async () => {
    at.facts.get('hoge.azurecr.io')!.roleAssignmentMode = 'AbacRepositoryPermissions';
    at.grant('p', 'AcrPull');
    await expect(importImage({ reader: principal, to: ['app:1'] })).rejects.toThrow(unauthorized);
    at.grant('p', 'Container Registry Repository Reader');
    await importImage({ reader: principal, to: ['app:1'] });
  });

  test('not with a token that is none', async () => {
    const refused = importImage({ reader: password('nonsense'), to: ['app:1'] });
    await expect(refused).rejects.toThrow('token validation failed');
  });

  test('but a principal with AcrPull, its token, and everybody where anonymous pull is on', async () => {
    at.grant('p', 'AcrPull');
    await importImage({ reader: principal, to: ['app:1'] });
    await importImage({ reader: password(entraToken('p')), to: ['app:2'] });
    at.facts.get('hoge.azurecr.io')!.anonymousPullEnabled = true;
    await importImage({ reader: { kind: 'anonymous' }, to: ['app:3'] });
    expect((await pull('/v2/app/tags/list')).json.tags).toEqual(['1', '2', '3']);
  });

  test('with public network access off, only principals, for whom a trusted service comes', async () => {
    at.grant('p', 'AcrPull');
    at.facts.get('hoge.azurecr.io')!.firewall.publicNetworkAccess = 'Disabled';
    await expect(importImage({ to: ['app:1'] })).rejects.toThrow('Invalid message Forbidden Forbidden');
    await importImage({ reader: principal, to: ['app:1'] });
  });
});

describe('from a registry elsewhere', () => {
  const platforms = ['amd64', 'arm64'].map((architecture) => {
    const config = JSON.stringify({ architecture });
    const layer = `a layer for ${architecture}`;
    return { config, layer, manifest: imageManifest(sha256(config), [sha256(layer)]) };
  });
  const children = platforms.map(({ manifest }) => ({
    mediaType: ociManifest,
    digest: sha256(manifest),
    size: manifest.length,
  }));
  const index = JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests: children });
  const known = [index, ...platforms.flatMap(({ config, layer, manifest }) => [config, layer, manifest])];
  const byDigest = (digest: string) => known.find((each) => sha256(each) === digest) ?? 'something else';
  let asked: string[];

  beforeEach(() => {
    asked = [];
    at.elsewhere.manifest = async (reference) => {
      asked.push(reference);
      const body = Buffer.from(reference === '1' ? index : byDigest(reference));
      return { mediaType: reference === '1' ? ociIndex : ociManifest, body };
    };
    at.elsewhere.blob = async (digest) => {
      asked.push(digest);
      return Readable.from([Buffer.from(byDigest(digest))]);
    };
  });
  const mcr = { from: 'mcr.microsoft.com', reader: { kind: 'anonymous' } as Reader };

  test('an index comes with all its images, each part once, to all targets', async () => {
    await importImage({ ...mcr, to: ['app:1', 'mirror/app:2'] });
    expect(await digestOf('1')).toBe(sha256(index));
    expect(await digestOf('2', 'mirror/app')).toBe(sha256(index));
    for (const { config, layer } of platforms) {
      for (const blob of [config, layer]) {
        expect((await pull(`/v2/mirror/app/blobs/${sha256(blob)}`)).bytes.toString()).toBe(blob);
      }
    }
    expect(asked).toHaveLength(1 + 2 + 4);
    expect(at.events).toMatchObject([
      { repository: 'app', digest: sha256(index), tags: ['1'] },
      { repository: 'mirror/app', digest: sha256(index), tags: ['2'] },
    ]);
    await importImage({ ...mcr, to: ['app:3'] });
    expect(asked).toHaveLength(7 + 3);
  });

  test.each([
    ['a blob', 'blob' as const, sha256(platforms[1]!.layer)],
    ['a manifest', 'manifest' as const, sha256(platforms[1]!.manifest)],
  ])(
    '%s with other bytes than its digest says is not taken, and no tag is set',
    async (_what, kind, digest) => {
      const genuine = at.elsewhere[kind];
      at.elsewhere[kind] = ((asked: string) => genuine(asked === digest ? sha256('') : asked)) as never;
      await expect(importImage({ ...mcr, to: ['app:1'] })).rejects.toThrow(
        `what the source sent for ${digest}`,
      );
      expect((await pull('/v2/app/manifests/1')).status).toBe(404);
      expect(await at.drafts()).toEqual([]);
    },
  );

  test('one that breaks off is told, and leaves no draft', async () => {
    at.elsewhere.blob = async () =>
      Readable.from(
        (async function* () {
          yield Buffer.from('a lay');
          throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
        })(),
      );
    const refused = importImage({ ...mcr, to: ['app:1'] });
    await expect(refused).rejects.toThrow(ImportRefused);
    await expect(refused).rejects.toThrow('aborted');
    expect(await at.drafts()).toEqual([]);
  });
});
