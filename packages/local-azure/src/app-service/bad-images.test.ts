import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assembleImage, type Entry } from '../../test/container-image.ts';
import { id, type OneSite, startOneSite } from '../../test/one-site.ts';
import type { ScriptedRegistry } from '../../test/scripted-registry.ts';
import { sha256 } from '../../test/sha256.ts';
import type { ImageConfig, LocalImage } from './engines/engine.ts';
import { createLinuxEngine } from './engines/linux/linux-engine.ts';
import { whyNoNamespaces } from './engines/linux/probe.ts';

// What a registry can hand out by mistake or on purpose, on its whole way into a real container: each ends in a line of
// the log that says what is wrong, and leaves nothing.

const missing = process.env.CI ? undefined : await whyNoNamespaces();
const maxImageBytes = 1024 * 1024;
const program: Entry = { name: 'program', mode: 0o755, content: 'neither a script nor a program' };
const MiB = 1024 * 1024;

let at: OneSite;
let engine: ReturnType<typeof createLinuxEngine>;
beforeEach(async () => {
  at = await startOneSite();
  engine = createLinuxEngine(join(at.folder, 'engine'), { maxImageBytes });
  await at.reopen({ engine });
});
afterEach(async () => {
  await at.close();
  await engine.close();
});

interface Manifest {
  mediaType: string;
  config: { mediaType: string; digest: string; size: number };
  layers: { mediaType: string; digest: string; size: number }[];
}

type Spoil = (manifest: Manifest, blobs: Map<string, Buffer>) => void;

/** Puts an assembled image into the registry as `app:1`; `spoil` may change its manifest first. */
async function publish(registry: ScriptedRegistry, image: LocalImage, spoil: Spoil) {
  for (const { digest, path } of [image.configFile, ...image.layers]) {
    registry.blobs.set(digest, await readFile(path));
  }
  const { digest } = image.configFile;
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const config = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest,
    size: registry.blobs.get(digest)!.length,
  };
  const layers = image.layers.map(({ digest, mediaType, size }) => ({ digest, mediaType, size }));
  const manifest: Manifest = { mediaType, config, layers };
  spoil(manifest, registry.blobs);
  registry.manifests.set('1', {
    mediaType: manifest.mediaType,
    body: Buffer.from(JSON.stringify({ schemaVersion: 2, ...manifest })),
  });
}

interface BadImage {
  what: string;
  says: RegExp;
  entries?: Entry[];
  config?: ImageConfig['config'];
  compress?: (tar: Buffer) => Buffer;
  spoil?: Spoil;
  /** Answers in the place of the blobs. */
  blobs?: Buffer;
}

const bad: BadImage[] = [
  { what: 'without an entry point', config: {}, says: /container not started: no command specified/ },
  {
    what: 'for another kind of machine',
    says: /has exited, failing site start/,
  },
  {
    what: 'whose layers are others than the manifest says',
    blobs: gzipSync('something else'),
    says: /status code=InternalServerError.*(verification failed for digest|failed size validation|unexpected EOF|invalid)/,
  },
  {
    what: 'whose layer is no archive',
    compress: () => gzipSync('x'.repeat(2000)),
    says: /cannot be unpacked: layer sha256:/,
  },
  {
    what: 'whose layer names a file above its root',
    entries: [program, { name: '../../evil', content: 'x' }],
    says: /cannot be unpacked: .*which is not a path inside the image/,
  },
  {
    what: 'whose layer links to a file outside of it',
    entries: [program, { name: 'passwd', type: 'link', linkname: '../../../../etc/passwd' }],
    says: /cannot be unpacked: .*which is not a path inside the image/,
  },
  {
    what: 'that is small and unpacks to more than there is room for',
    entries: [program, { name: 'zeros', content: Buffer.alloc(2 * MiB) }],
    says: /cannot be unpacked: .*no space left on device/,
  },
  {
    what: 'whose manifest announces more than there is room for',
    spoil: ({ layers }) => {
      layers[0]!.size = 2 ** 50;
    },
    says: /status code=InternalServerError.*no space left on device/,
  },
  {
    what: 'with a configuration that would fill the memory',
    spoil: ({ config }) => {
      config.size = 2 ** 40;
    },
    says: /invalid image configuration/,
  },
  {
    what: 'for another operating system',
    spoil: ({ config }, blobs) => {
      const body = JSON.stringify({
        architecture: 'amd64',
        os: 'windows',
        rootfs: { type: '', diff_ids: [] },
      });
      Object.assign(config, { digest: sha256(Buffer.from(body)), size: body.length });
      blobs.set(config.digest, Buffer.from(body));
    },
    says: /image operating system \\"windows\\" cannot be used on this platform/,
  },
  {
    what: 'of a media type that is none',
    spoil: ({ layers }) => {
      layers[0]!.mediaType = 'text/html';
    },
    says: /unsupported media type text\/html/,
  },
];

describe.skipIf(missing)(`an image${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test.each(bad)('$what: the log says so, and nothing stays', async (image) => {
    const {
      entries = [program],
      config = { Entrypoint: ['/program'] },
      compress,
      spoil,
      blobs,
      says,
    } = image;
    const assembled = await assembleImage(join(at.folder, 'blobs'), [entries], config, compress);
    await publish(at.registry, assembled, spoil ?? (() => {}));
    if (blobs) at.registry.answers.set('/v2/app/blobs', (_request, response) => response.end(blobs));

    expect((await at.visit()).statusCode).toBe(503);
    expect([at.app.state(id), at.log().filter((line) => says.test(line)).length]).toEqual(['failed', 1]);
    const left = async (path: string) => readdir(join(at.folder, path)).catch(() => []);
    await expect.poll(() => left('engine/containers')).toEqual([]);
    expect((await left('engine/images')).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(await left('worker/incoming')).toEqual([]);
  });
});
