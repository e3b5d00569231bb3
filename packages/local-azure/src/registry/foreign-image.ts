import type { Readable } from 'node:stream';
import { append, type BlobStore } from './blob-store.ts';
import type { Content, Place } from './content.ts';
import { maxManifests, tooManyManifests } from './copy-image.ts';
import { ImportRefused } from './import-order.ts';
import { digestOf, keepManifest } from './keep-manifest.ts';
import { parseManifest } from './manifest-format.ts';
import { algorithmOf, type Digest } from './names.ts';
import type { Reference } from './route.ts';

/** Reads one repository of a registry that is not in this local Azure. What it gives is not verified. */
export interface ForeignRepository {
  manifest(reference: string): Promise<{ mediaType: string; body: Buffer }>;
  blob(digest: string): Promise<Readable>;
}

/**
 * Brings an image from elsewhere into a repository, without a tag, each part after those that it refers to. One that
 * breaks off leaves what a push would that broke off. Resolves to the image's digest.
 */
export async function pullImage(
  from: ForeignRepository,
  reference: Reference,
  place: Place,
  { content, blobs }: { content: Content; blobs: BlobStore },
): Promise<Digest> {
  const seen = new Set<Digest>();

  async function pullManifest(wanted: Reference): Promise<Digest> {
    const { mediaType, body } = await from.manifest(wanted.digest ?? wanted.tag);
    const digest = digestOf(body, wanted.digest ? algorithmOf(wanted.digest) : 'sha256');
    if (wanted.digest && digest !== wanted.digest) throw damaged(wanted.digest);
    seen.add(digest);
    if (seen.size > maxManifests) throw tooManyManifests();
    const manifest = parseManifest(body, mediaType);
    for (const child of manifest.manifests) if (!seen.has(child.digest)) await pullManifest(child);
    for (const blob of manifest.blobs) await pullBlob(blob);
    await keepManifest({ content, blobs }, place, { digest, body, manifest }, []);
    return digest;
  }

  async function pullBlob(digest: Digest): Promise<void> {
    if (content.tellBlob(place, digest) !== undefined) return;
    const draft = blobs.newDraft(algorithmOf(digest));
    try {
      await append(draft, await from.blob(digest));
    } catch (error) {
      await blobs.discard(draft);
      throw error;
    }
    const link = () => content.addBlob(place, digest, draft.size);
    if (!(await blobs.commit(draft, digest, link))) throw damaged(digest);
  }

  return pullManifest(reference);
}

const damaged = (digest: Digest) =>
  new ImportRefused(`Error copying blobs: what the source sent for ${digest} is something else.`);
