import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Agent } from 'node:https';
import { Readable } from 'node:stream';
import type { ImageConfig, LocalImage } from './engines/engine.ts';
import { maxImageBytes } from './image-limits.ts';
import type { ImageReference } from './image-reference.ts';
import type { ImageStore } from './image-store.ts';
import {
  type Descriptor,
  type ImageManifest,
  machineArchitecture,
  readConfig,
  readManifest,
} from './manifest.ts';
import { PullError } from './pull-error.ts';
import { type Manifest, openSession, type PullCredentials, type RegistrySession } from './registry-client.ts';

/** What a pull reports while it runs, in the order in which the daemon prints it. */
export type PullEvent =
  | { kind: 'pulling'; image: ImageReference }
  | { kind: 'layer'; digest: string; status: 'new' | 'exists' | 'verifying' | 'downloaded' | 'complete' }
  | { kind: 'progress'; digest: string; done: number; size: number }
  | { kind: 'done'; digest: string; image: ImageReference; changed: boolean };

export interface PullRequest {
  image: ImageReference;
  credentials: PullCredentials;
  /** The address to come from. */
  localAddress: string;
  signal: AbortSignal;
  onEvent(event: PullEvent): void;
}

export interface Puller {
  /** Fetches what is missing and returns the image; rejects with {@link PullError} or the signal's reason. */
  pull(request: PullRequest): Promise<LocalImage>;
  /** The image as it was last pulled under this reference, if all of it is still here. */
  local(image: ImageReference): Promise<LocalImage | undefined>;
  /** Ends downloads that are running. */
  close(): void;
}

export interface PullerOptions {
  store: ImageStore;
  /** Reaches the registries. */
  agent: Agent;
  architecture?: string;
  /** Of all layers together, as they are packed. */
  maxBytes?: number;
}

/** As Docker's `max-concurrent-downloads`. */
const parallelDownloads = 3;
/** A broken connection is not the end of a pull: the daemon, too, asks again for a layer. */
const downloadAttempts = 3;
/** It is read into memory. Registries limit manifests so. */
const maxConfigBytes = 4 * 1024 * 1024;

export function createPuller(options: PullerOptions): Puller {
  const { store, agent, architecture = machineArchitecture, maxBytes = maxImageBytes } = options;
  /** Downloads under way, shared by all sites that need the same blob. They outlive a start that was given up. */
  const downloads = new Map<string, Promise<void>>();
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // Every request of every pull listens.

  async function fetchManifest(session: RegistrySession, reference: string): Promise<Manifest> {
    const manifest = await session.manifest(reference);
    const digest = `sha256:${createHash('sha256').update(manifest.body).digest('hex')}`;
    const expected = reference.startsWith('sha256:') ? reference : manifest.digest || digest;
    if (expected.startsWith('sha256:') && expected !== digest) {
      throw new PullError('digest-mismatch', `manifest verification failed for digest ${expected}`);
    }
    return { ...manifest, digest };
  }

  async function keepManifest({ digest, body }: Manifest): Promise<void> {
    if (!store.has(digest)) await store.write(digest, body.length, Readable.from([body]));
  }

  async function download(session: RegistrySession, blob: Descriptor, onProgress: (done: number) => void) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await store.write(blob.digest, blob.size, await session.blob(blob.digest), onProgress);
      } catch (error) {
        const broken =
          error instanceof PullError && (error.fault === 'truncated' || error.fault === 'unreachable');
        if (!broken || attempt === downloadAttempts || closing.signal.aborted) throw error;
      }
    }
  }

  /** Makes sure that the blob is here; joins a download that another site began. */
  async function ensure(
    session: RegistrySession,
    blob: Descriptor,
    signal: AbortSignal,
    onProgress: (done: number) => void = () => {},
  ): Promise<void> {
    while (!store.has(blob.digest)) {
      const running = downloads.get(blob.digest);
      if (running) {
        // Whether the other site's attempt succeeded shows in the store; if not, this one makes its own.
        await unlessAborted(
          running.catch(() => {}),
          signal,
        );
        continue;
      }
      const own = download(session, blob, onProgress).finally(() => downloads.delete(blob.digest));
      downloads.set(blob.digest, own);
      own.catch(() => {});
      return unlessAborted(own, signal);
    }
  }

  async function toLocalImage(
    image: ImageReference,
    digest: string,
    manifest: ImageManifest,
  ): Promise<LocalImage> {
    const { config, layers } = manifest;
    return {
      reference: image.text,
      digest,
      config: readConfig(await store.read(config.digest)) as ImageConfig,
      configFile: { digest: config.digest, path: store.path(config.digest) },
      layers: layers.map((layer) => ({ ...layer, path: store.path(layer.digest) })),
    };
  }

  /** By what the manifest says, before anything is fetched; no more than that is written afterwards. */
  function checkSizes(config: Descriptor, layers: Descriptor[]): void {
    if (config.size > maxConfigBytes) {
      throw new PullError('unsupported-manifest', `invalid image configuration: ${config.size} bytes`);
    }
    const bytes = layers.reduce((sum, { size }) => sum + size, 0);
    if (bytes > maxBytes) {
      throw new PullError(
        'disk-full',
        `failed to register layer: ${bytes} bytes, and ${maxBytes} are allowed: no space left on device`,
      );
    }
  }

  async function open(request: Pick<PullRequest, 'image' | 'credentials' | 'localAddress'>) {
    // Blobs may be wanted by other sites too, so a start that is given up does not end their requests.
    const session = await openSession({ agent, ...request, signal: closing.signal });
    return { session, manifest: await resolve(session, request.image.digest ?? request.image.tag!) };
  }

  /** The manifest of the image itself, for this machine's platform; `named` is the digest of what the reference names. */
  async function resolve(session: RegistrySession, reference: string) {
    const first = await fetchManifest(session, reference);
    const named = first.digest;
    const read = readManifest(first.mediaType, first.body, architecture);
    if (read.kind === 'image') return { ...first, named, parsed: read.manifest };
    const second = await fetchManifest(session, read.digest);
    const image = readManifest(second.mediaType, second.body, architecture);
    if (image.kind === 'index') throw new PullError('unsupported-manifest', 'an index inside an index');
    return { ...second, named, parsed: image.manifest };
  }

  return {
    async pull({ image, credentials, localAddress, signal, onEvent }) {
      const running = AbortSignal.any([signal, closing.signal]);
      running.throwIfAborted();
      const { session, manifest } = await unlessAborted(open({ image, credentials, localAddress }), running);
      onEvent({ kind: 'pulling', image });

      const { config, layers } = manifest.parsed;
      const changed = store.remembered(image.text) !== manifest.digest;
      const unique = new Map(layers.map((layer) => [layer.digest, layer]));
      checkSizes(config, [...unique.values()]);
      const missing = [...unique.values()].filter(({ digest }) => !store.has(digest));
      for (const layer of changed ? unique.values() : []) {
        onEvent({ kind: 'layer', digest: layer.digest, status: missing.includes(layer) ? 'new' : 'exists' });
      }
      await ensure(session, config, running);
      await inParallel(missing, parallelDownloads, async (layer) => {
        const { digest, size } = layer;
        await ensure(session, layer, running, (done) => onEvent({ kind: 'progress', digest, done, size }));
        onEvent({ kind: 'layer', digest, status: 'verifying' });
        onEvent({ kind: 'layer', digest, status: 'downloaded' });
      });
      for (const { digest } of missing) onEvent({ kind: 'layer', digest, status: 'complete' });

      await keepManifest(manifest);
      await store.remember(image.text, manifest.digest);
      const local = await toLocalImage(image, manifest.digest, manifest.parsed);
      onEvent({ kind: 'done', digest: manifest.named, image, changed });
      return local;
    },

    async local(image) {
      const digest = store.remembered(image.text);
      if (!digest || !store.has(digest)) return undefined;
      try {
        const body = await store.read(digest);
        const read = readManifest(mediaTypeOf(body), body, architecture);
        if (read.kind === 'index') return undefined;
        const local = await toLocalImage(image, digest, read.manifest);
        return local.layers.every((layer) => store.has(layer.digest)) ? local : undefined;
      } catch {
        return undefined;
      }
    },

    close: () => closing.abort(new Error('The App Service worker is closing.')),
  };
}

/** The media type that a manifest states about itself; Docker's and most OCI ones do. */
function mediaTypeOf(body: Buffer): string {
  const { mediaType } = JSON.parse(body.toString('utf8'));
  return typeof mediaType === 'string' ? mediaType : 'application/vnd.oci.image.manifest.v1+json';
}

async function inParallel<T>(items: T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const runner = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      await work(item).catch((error) => {
        waiting.length = 0;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, runner));
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
