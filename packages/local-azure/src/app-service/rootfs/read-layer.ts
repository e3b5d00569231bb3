import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { type Duplex, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { extract } from 'tar-stream';
import { EngineError } from '../engines/engine.ts';
import type { TarEntry } from './apply-layer.ts';

/** What the uncompressed bytes of a layer must be. */
export interface LayerContent {
  diffId: string;
  /** A few bytes can unpack to any number. */
  maxBytes: number;
}

/**
 * Reads the layer in `file`, hands its entries to `consume`, and checks the uncompressed bytes, whose number it returns.
 * Rejects when they are others, after `consume` has seen them: the caller throws its result away then.
 */
export async function readLayer(
  file: string,
  { diffId, maxBytes }: LayerContent,
  consume: (entries: AsyncIterable<TarEntry>) => Promise<void>,
): Promise<number> {
  const [algorithm = ''] = diffId.split(':');
  if (algorithm !== 'sha256' && algorithm !== 'sha512') {
    throw new EngineError(`the image's configuration has ${JSON.stringify(diffId)}, which is no diff ID`);
  }
  const hash = createHash(algorithm);
  let bytes = 0;
  const measured = new Transform({
    transform(chunk, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) return done(new EngineError('the image is too large: no space left on device'));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const decompressed = await decompression(file);
  const entries = extract();
  const [consumed, read] = await Promise.allSettled([
    consume(entries as AsyncIterable<unknown> as AsyncIterable<TarEntry>),
    pipeline([createReadStream(file), ...decompressed, measured, entries as never]),
  ]);
  // A failure of either one ends the other; when it came from reading, the consumer has been given it too.
  for (const side of [consumed, read]) if (side.status === 'rejected') throw side.reason;
  const found = `${algorithm}:${hash.digest('hex')}`;
  if (found !== diffId) throw new EngineError(`it is damaged: its diff ID is ${found}, not ${diffId}`);
  return bytes;
}

/** By the first bytes, as container engines do: media types are not always right. */
async function decompression(file: string): Promise<Duplex[]> {
  const handle = await open(file);
  const magic = Buffer.alloc(4);
  await handle.read(magic, 0, 4, 0).finally(() => handle.close());
  if (magic.readUInt16BE() === 0x1f8b) return [zlib.createGunzip()];
  if (magic.readUInt32BE() !== 0x28b52ffd) return [];
  // Since Node 22.15; the types of Node 20 do not know it.
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Duplex };
  if (createZstdDecompress) return [createZstdDecompress()];
  throw new EngineError(
    `it is compressed with zstd, which Node ${process.versions.node} cannot read; 22.15 can`,
  );
}
