import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError, type LocalImage } from '../engines/engine.ts';
import { maxImageBytes } from '../image-limits.ts';
import { applyLayer } from './apply-layer.ts';
import { readLayer } from './read-layer.ts';

/** The files of images, unpacked: one directory per image, named by the digest of its configuration. */
export interface RootStore {
  /**
   * The directory with the image's files; never write to it. Unpacks at the first call, once, however many call.
   * Rejects with {@link EngineError} when a layer is damaged, unsafe or does not fit on the disk.
   */
  unpack(image: LocalImage): Promise<string>;
  /** Removes what a killed process has left half unpacked. */
  sweep(): Promise<void>;
}

const unfinished = '.unfinished-';

/** `maxBytes` is what an image may have, all its layers unpacked. */
export function createRootStore(directory: string, maxBytes = maxImageBytes): RootStore {
  const atWork = new Map<string, Promise<string>>();

  async function unpack(image: LocalImage): Promise<string> {
    const root = join(directory, image.configFile.digest.replace(':', '-'));
    if (await stat(root).catch(() => undefined)) return root;
    const partial = join(directory, `${unfinished}${randomBytes(6).toString('hex')}`);
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await mkdir(partial, { mode: 0o755 });
      await applyLayers(image, partial, maxBytes);
      await rename(partial, root);
      return root;
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw new EngineError(`image ${image.reference} cannot be unpacked: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  return {
    unpack(image) {
      const key = image.configFile.digest;
      const work = atWork.get(key) ?? unpack(image).finally(() => atWork.delete(key));
      atWork.set(key, work);
      return work;
    },
    async sweep() {
      await Promise.allSettled(atWork.values());
      const names = await readdir(directory).catch(() => []);
      await Promise.all(
        names
          .filter((name) => name.startsWith(unfinished))
          .map((name) => rm(join(directory, name), { recursive: true, force: true })),
      );
    },
  };
}

async function applyLayers(image: LocalImage, root: string, maxBytes: number): Promise<void> {
  const diffIds = image.config.rootfs.diff_ids;
  if (diffIds.length !== image.layers.length) {
    throw new EngineError(
      `its configuration lists ${diffIds.length} layers, its manifest ${image.layers.length}`,
    );
  }
  let left = maxBytes;
  for (const [index, layer] of image.layers.entries()) {
    try {
      left -= await readLayer(layer.path, { diffId: diffIds[index]!, maxBytes: left }, (entries) =>
        applyLayer(root, entries),
      );
    } catch (error) {
      throw new EngineError(`layer ${layer.digest}: ${(error as Error).message}`, { cause: error });
    }
  }
}
