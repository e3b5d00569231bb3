import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { writePieces } from '../store/write-pieces.ts';
import { diskError, PullError } from './pull-error.ts';

/** The worker's own copies of images: blobs by digest, and which manifest a reference last stood for. */
export interface ImageStore {
  path(digest: string): string;
  has(digest: string): boolean;
  read(digest: string): Promise<Buffer>;
  /**
   * Keeps a blob once its bytes are all there and match the digest and the size; before that nobody can see it.
   * Throws {@link PullError} when they do not, or when the disk is full.
   */
  write(digest: string, size: number, bytes: Readable, onProgress?: (done: number) => void): Promise<void>;
  remember(reference: string, manifestDigest: string): Promise<void>;
  /** Digest of the manifest that the reference stood for when it was last pulled. */
  remembered(reference: string): string | undefined;
}

export function createImageStore(dir: string): ImageStore {
  const incoming = join(dir, 'incoming');
  const references = join(dir, 'references');
  // What an interrupted process left half-written.
  rmSync(incoming, { recursive: true, force: true });
  for (const folder of [incoming, references, ...algorithms.map((name) => join(dir, 'blobs', name))]) {
    mkdirSync(folder, { recursive: true });
  }

  const path = (digest: string) => join(dir, 'blobs', ...splitDigest(digest));
  const referencePath = (reference: string) =>
    join(references, createHash('sha256').update(reference).digest('hex'));

  return {
    path,
    has: (digest) => existsSync(path(digest)),
    read: (digest) => readFile(path(digest)),

    async write(digest, size, bytes, onProgress = () => {}) {
      const [algorithm, expected] = splitDigest(digest);
      const temporary = join(incoming, randomUUID());
      const hash = createHash(algorithm);
      let done = 0;
      async function* checked() {
        for await (const piece of bytes as AsyncIterable<Buffer>) {
          done += piece.length;
          if (done > size) throw new PullError('digest-mismatch', sizeMismatch(digest, size, done));
          hash.update(piece);
          onProgress(done);
          yield piece;
        }
      }
      try {
        const file = await open(temporary, 'wx', 0o600);
        try {
          await writePieces(file, 0, checked());
          await file.sync();
        } finally {
          await file.close();
        }
        if (done < size) throw new PullError('truncated', 'unexpected EOF');
        if (hash.digest('hex') !== expected) {
          throw new PullError('digest-mismatch', `filesystem layer verification failed for digest ${digest}`);
        }
        await rename(temporary, path(digest));
      } catch (error) {
        await rm(temporary, { force: true });
        throw writeError(error as NodeJS.ErrnoException);
      }
    },

    async remember(reference, manifestDigest) {
      const temporary = join(incoming, randomUUID());
      try {
        await writeFile(temporary, manifestDigest, { mode: 0o600 });
        await rename(temporary, referencePath(reference));
      } catch (error) {
        throw writeError(error as NodeJS.ErrnoException);
      }
    },

    remembered(reference) {
      try {
        return readFileSync(referencePath(reference), 'utf8');
      } catch {
        return undefined;
      }
    },
  };
}

const algorithms = ['sha256', 'sha384', 'sha512'];

function splitDigest(digest: string): [algorithm: string, hex: string] {
  const match = /^(sha256|sha384|sha512):([a-f0-9]{64,128})$/.exec(digest);
  if (!match) throw new PullError('unsupported-manifest', `invalid digest ${JSON.stringify(digest)}`);
  return [match[1]!, match[2]!];
}

const sizeMismatch = (digest: string, size: number, got: number) =>
  `failed size validation: ${got} != ${size} for ${digest}`;

/** A connection that breaks in the middle of a layer shows as an early end. */
function writeError(error: NodeJS.ErrnoException): Error {
  if (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new PullError('truncated', 'unexpected EOF');
  }
  return diskError(error) ?? error;
}
