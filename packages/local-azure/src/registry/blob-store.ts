import { createHash, type Hash, randomUUID } from 'node:crypto';
import { constants, type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writePieces } from '../store/write-pieces.ts';
import { type Algorithm, algorithmOf, type Digest, encodedOf, parseDigest } from './names.ts';

/**
 * Blobs on disk, by digest, shared by all registries. A blob is written to a draft first and gets its final name
 * only when it is complete, verified and synced; so whatever has a final name is whole, also after a crash.
 */
export interface BlobStore {
  /** Opens a blob for reading; undefined when its file is not there. The caller closes it. */
  open(digest: Digest): Promise<FileHandle | undefined>;
  newDraft(algorithm: Algorithm): Draft;
  /**
   * Syncs the draft and gives it its final name. Resolves to false when its digest is another. The draft is gone
   * in any case.
   */
  commit(draft: Draft, digest: Digest): Promise<boolean>;
  discard(draft: Draft): Promise<void>;
  discardAllDrafts(): Promise<void>;
  /** Frees the blobs that `isReferenced` does not know. Only while nothing is being pushed. */
  collect(isReferenced: (digest: Digest) => boolean): Promise<void>;
}

/** A blob that is not complete yet: the first `size` bytes of its file, which `hash` has taken in. */
export interface Draft {
  readonly path: string;
  readonly algorithm: Algorithm;
  readonly hash: Hash;
  size: number;
}

/** Adds bytes to a draft as they arrive. Whenever it rejects, the draft stands at the last bytes that were written. */
export async function append(draft: Draft, pieces: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(draft.path, constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    await writePieces(file, draft.size, pieces, (batch) => {
      for (const piece of batch) {
        draft.hash.update(piece);
        draft.size += piece.length;
      }
    });
  } finally {
    await file.close();
  }
}

/** Keeps blobs below `directory`, which is made when it is missing. */
export async function createBlobStore(directory: string): Promise<BlobStore> {
  const drafts = join(directory, 'uploads');
  await mkdir(drafts, { recursive: true, mode: 0o700 });
  const pathOf = (digest: Digest) =>
    join(directory, algorithmOf(digest), encodedOf(digest).slice(0, 2), encodedOf(digest));
  const discard = (draft: Draft) => rm(draft.path, { force: true });

  return {
    open: (digest) =>
      open(pathOf(digest)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      }),

    newDraft: (algorithm) => ({
      path: join(drafts, randomUUID()),
      algorithm,
      hash: createHash(algorithm),
      size: 0,
    }),

    async commit(draft, digest) {
      try {
        if (!(await isWhole(draft, digest))) return false;
        const path = pathOf(digest);
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await rename(draft.path, path);
        await syncDirectory(dirname(path));
        return true;
      } finally {
        await discard(draft);
      }
    },

    discard,

    async discardAllDrafts() {
      await rm(drafts, { recursive: true, force: true });
      await mkdir(drafts, { mode: 0o700 });
    },

    async collect(isReferenced) {
      for (const algorithm of ['sha256', 'sha512']) {
        for (const path of await readdir(join(directory, algorithm), { recursive: true }).catch(() => [])) {
          const digest = parseDigest(`${algorithm}:${basename(path)}`);
          if (digest && !isReferenced(digest)) await rm(pathOf(digest), { force: true });
        }
      }
    },
  };
}

/** Are the draft's bytes those of `digest`? If so, they are on the disk when this resolves. */
async function isWhole(draft: Draft, digest: Digest): Promise<boolean> {
  const file = await open(draft.path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    await file.truncate(draft.size);
    if ((await digestOf(draft, algorithmOf(digest), file)) !== digest) return false;
    await file.sync();
    return true;
  } finally {
    await file.close();
  }
}

/** From the running hash, or from the file when the client turns out to want another algorithm. */
async function digestOf(draft: Draft, algorithm: Algorithm, file: FileHandle): Promise<string> {
  if (algorithm === draft.algorithm) return `${algorithm}:${draft.hash.copy().digest('hex')}`;
  const hash = createHash(algorithm);
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) hash.update(chunk);
  return `${algorithm}:${hash.digest('hex')}`;
}

/** Makes a rename last. Windows cannot sync a directory. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
