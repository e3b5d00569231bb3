import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { append, type BlobStore, createBlobStore, type Draft } from './blob-store.ts';
import type { Digest } from './names.ts';

let folder: string;
let blobs: BlobStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blob-store-'));
  blobs = await createBlobStore(folder);
});
afterEach(() => rm(folder, { recursive: true }));

async function* sent(pieces: Uint8Array[], breaksOff: boolean) {
  for (const piece of pieces) yield Buffer.from(piece);
  if (breaksOff) throw new Error('the client is gone');
}

const digestOf = (content: Buffer) =>
  `sha256:${createHash('sha256').update(content).digest('hex')}` as Digest;

/** The draft says of itself what its file says. */
async function expectContent(draft: Draft, content: Buffer) {
  expect(draft.size).toBe(content.length);
  expect(draft.hash.copy().digest('hex')).toBe(digestOf(content).slice(7));
  expect(content.equals(await readFile(draft.path))).toBe(true);
}

test('a blob arrives in any number of pieces and chunks, and what a client sent before it broke off stays', async () => {
  const chunk = fc.record({
    pieces: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 60 }),
    breaksOff: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { maxLength: 4 }), async (chunks) => {
      const draft = blobs.newDraft('sha256');
      const arrived: Uint8Array[] = [];
      for (const { pieces, breaksOff } of chunks) {
        const appended = append(draft, sent(pieces, breaksOff));
        await (breaksOff ? expect(appended).rejects.toThrow('the client is gone') : appended);
        arrived.push(...pieces);
        await expectContent(draft, Buffer.concat(arrived));
      }
      expect(await blobs.commit(draft, digestOf(Buffer.concat(arrived)), () => {})).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('a disk that takes no more leaves the draft as it was', async () => {
  const draft = { ...blobs.newDraft('sha256'), path: '/dev/full' };
  const pieces = Array.from({ length: 40 }, () => Buffer.alloc(1024));
  await expect(append(draft, sent(pieces, false))).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(draft.size).toBe(0);
});
