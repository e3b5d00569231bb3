import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import type { LocalImage } from '../engine.ts';

/**
 * The image in the format of `docker save`, which every engine loads, while it is read from the disk. Layers stay
 * compressed. Source: moby/moby image/tarexport/load.go
 */
export function dockerArchive(image: LocalImage, tag: string): Readable {
  const archive = pack();
  writeArchive(archive, image, tag).catch((error) => archive.destroy(error));
  return archive as unknown as Readable;
}

async function writeArchive(archive: Pack, image: LocalImage, tag: string): Promise<void> {
  const config = `${hex(image.configFile.digest)}.json`;
  const layers = image.layers.map((layer) => ({ ...layer, name: `${hex(layer.digest)}.tar` }));
  const manifest = [{ Config: config, RepoTags: [tag], Layers: layers.map(({ name }) => name) }];
  archive.entry({ name: 'manifest.json' }, JSON.stringify(manifest));
  await addFile(archive, config, image.configFile.path);
  // An image may have the same layer twice, an archive a file only once.
  for (const [name, path] of new Map(layers.map((layer) => [layer.name, layer.path]))) {
    await addFile(archive, name, path);
  }
  archive.finalize();
}

async function addFile(archive: Pack, name: string, path: string): Promise<void> {
  const { size } = await stat(path);
  await pipeline(createReadStream(path), archive.entry({ name, size }));
}

const hex = (digest: string) => digest.slice(digest.indexOf(':') + 1);
