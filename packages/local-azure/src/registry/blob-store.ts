import { createHash, type Hash, randomUUID } from 'node:crypto';
import { constants, type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
   * Syncs the draft, gives it its final name, and runs `link`, which makes it visible, before anybody can remove it.
   * Resolves to false when its digest is another. The draft is gone in any case.
   */
  commit(draft: Draft, digest: Digest, link: () => void): Promise<boolean>;
  discard(draft: Draft): Promise<void>;
  /** Only while nothing is being pushed. */
  discardAllDrafts(): Promise<void>;
  /** Everything that has a final name. */
  list(): AsyncIterable<Digest>;
  /** Runs `work` while nothing of this digest is being committed, nor other work of its kind done. */
  exclusively<T>(digest: Digest, work: () => Promise<T>): Promise<T>;
  /** Frees the blob's file. To be done exclusively: what somebody has just committed must stay. */
  remove(digest: Digest): Promise<void>;
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
  const exclusively = createTurns<Digest>();

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

    async commit(draft, digest, link) {
      try {
        if (!(await isWhole(draft, digest))) return false;
        const path = pathOf(digest);
        await exclusively(digest, async () => {
          await mkdir(dirname(path), { recursive: true, mode: 0o700 });
          await rename(draft.path, path);
          await syncDirectory(dirname(path));
          link();
        });
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

    async *list() {
      for (const algorithm of ['sha256', 'sha512']) {
        for (const shard of await readdir(join(directory, algorithm)).catch(() => [])) {
          for (const name of await readdir(join(directory, algorithm, shard))) {
            const digest = parseDigest(`${algorithm}:${name}`);
            if (digest) yield digest;
          }
        }
      }
    },

    exclusively,

    remove: (digest) => rm(pathOf(digest), { force: true }),
  };
}

/** Lets those that name the same key work one after another. */
function createTurns<Key>() {
  const last = new Map<Key, Promise<unknown>>();
  return async <T>(key: Key, work: () => Promise<T>): Promise<T> => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work);
    const ended = turn.catch(() => {});
    last.set(key, ended);
    try {
      return await turn;
    } finally {
      if (last.get(key) === ended) last.delete(key);
    }
  };
}

/** Are the draft's bytes those of `digest`? If so, they are on the disk when this resolves. */
async function isWhole(draft: Draft, digest: Digest): Promise<boolean> {
  // An empty one has no file yet. For any other a new file would be one of zeros, under the digest of what it had.
  const created = draft.size === 0 ? constants.O_CREAT : 0;
  const file = await open(draft.path, constants.O_RDWR | created, 0o600);
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
