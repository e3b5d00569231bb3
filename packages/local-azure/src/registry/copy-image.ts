import type { NewManifest } from './content/manifests.ts';
import type { Content, Place } from './content.ts';
import { blobUnknown, manifestUnknown } from './errors.ts';
import { ImportRefused } from './import-order.ts';
import { requireEnabled, requirePushable } from './locks.ts';
import { parseManifest } from './manifest-format.ts';
import type { Digest, Tag } from './names.ts';
import type { Reference } from './route.ts';

/** An image with all that it consists of, as one repository has it. */
export interface Image {
  /** With their sizes in bytes. */
  blobs: Map<Digest, number>;
  /** Each after those that it refers to; the last one is the image itself. */
  manifests: NewManifest[];
}

/** Source: MicrosoftDocs/azure-management-docs articles/container-registry/container-registry-import-images.md */
export const maxManifests = 50;

/** Finds an image and all its parts. Throws when one is not in the repository, or must not be read. */
export function findImage(content: Content, place: Place, reference: Reference): Image {
  const blobs = new Map<Digest, number>();
  const manifests: NewManifest[] = [];
  const seen = new Set<Digest>();

  function visit(digest: Digest): void {
    if (seen.has(digest)) return;
    seen.add(digest);
    if (seen.size > maxManifests) throw tooManyManifests();
    const stored = content.manifest(place, digest);
    const properties = content.manifestProperties(place, digest);
    if (!stored || !properties) throw manifestUnknown(place.repository, { digest });
    requireEnabled(stored.changeableAttributes, 'readEnabled');
    const { body, mediaType } = stored;
    const parsed = parseManifest(body, mediaType);
    for (const blob of parsed.blobs) {
      const size = content.blobSize(place, blob);
      if (size === undefined) throw blobUnknown(blob);
      blobs.set(blob, size);
    }
    for (const child of parsed.manifests) visit(child.digest);
    const { imageSize, configMediaType, architecture, os } = properties;
    manifests.push({
      digest,
      mediaType,
      body,
      imageSize,
      blobs: parsed.namedBlobs,
      subject: parsed.subject,
      configMediaType: configMediaType ?? undefined,
      architecture: architecture ?? undefined,
      os: os ?? undefined,
    });
  }

  requireEnabled(content.repositoryAttributes(place), 'readEnabled');
  const tag = reference.tag === undefined ? undefined : content.tag(place, reference.tag);
  requireEnabled(tag?.changeableAttributes, 'readEnabled');
  const digest = reference.digest ?? tag?.digest;
  if (!digest) throw manifestUnknown(place.repository, reference);
  visit(digest);
  return { blobs, manifests };
}

/**
 * Lets another repository have the image, too; its top manifest. All registries share their blobs' files, so rows are
 * all that is copied, those that others refer to first: were this to end in between, what is there would be whole.
 * Throws, and copies nothing, where a lock forbids it.
 */
export function copyImage(
  content: Content,
  { blobs, manifests }: Image,
  place: Place,
  tags: Tag[],
): NewManifest {
  const top = manifests.at(-1)!;
  const tagsOf = (manifest: NewManifest) => (manifest === top ? tags : []);
  for (const manifest of manifests) requirePushable(content, place, manifest.digest, tagsOf(manifest));
  for (const [digest, size] of blobs) content.addBlob(place, digest, size);
  for (const manifest of manifests) content.putManifest(place, manifest, tagsOf(manifest));
  return top;
}

export const tooManyManifests = () =>
  new ImportRefused(`The image has more than the ${maxManifests} manifests that can be imported.`);
