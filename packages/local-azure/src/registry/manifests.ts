import { createHash } from 'node:crypto';
import { readBody } from '../read-body.ts';
import type { Content, Place } from './content.ts';
import {
  digestInvalid,
  manifestBlobUnknown,
  manifestTooLarge,
  manifestUnknown,
  tagInvalid,
} from './errors.ts';
import { requireEnabled, requireManifestDeletable, requirePushable, requireTagDeletable } from './locks.ts';
import { type Manifest, parseManifest } from './manifest-format.ts';
import { type Algorithm, algorithmOf, type Digest, parseTag, type Tag } from './names.ts';
import { readPlatform } from './platform.ts';
import { eventOf } from './registry-events.ts';
import { placeOf, type RegistryRequest, type RouteOf, type Stores, sendEmpty } from './request.ts';
import type { Reference } from './route.ts';

type ManifestRequest = RegistryRequest<RouteOf<'manifest'>>;

// Source: distribution-spec "Pushing Manifests": at least 4 megabytes.
const sizeLimit = 4 * 1024 * 1024;

/** GET and HEAD. Source: distribution-spec "Pulling manifests". */
export function readManifest({ content }: Stores, call: ManifestRequest): void {
  const place = placeOf(call);
  const { reference, repository } = call.route;
  const tag = reference.tag === undefined ? undefined : content.tag(place, reference.tag);
  const digest = reference.digest ?? tag?.digest;
  const manifest = digest && content.manifest(place, digest);
  if (!manifest) throw manifestUnknown(repository, reference);
  requireEnabled(tag?.changeableAttributes, 'readEnabled');
  requireEnabled(manifest.changeableAttributes, 'readEnabled');
  call.response.writeHead(200, {
    'content-type': manifest.mediaType,
    'content-length': manifest.body.length,
    'docker-content-digest': manifest.digest,
    etag: `"${manifest.digest}"`,
  });
  call.response.end(manifest.body);
}

/** Source: distribution-spec "Pushing Manifests". */
export async function putManifest({ content, blobs, emit }: Stores, call: ManifestRequest): Promise<void> {
  const place = placeOf(call);
  const { reference, repository } = call.route;
  const body = await readBody(call.request, sizeLimit);
  if (!body) throw manifestTooLarge(sizeLimit);
  const digest = digestFor(reference, body);
  const tags = reference.tag ? [reference.tag] : queryTags(call.query);
  const manifest = parseManifest(body, call.request.headers['content-type']);
  const platform = await readPlatform(content, blobs, place, manifest);

  // From here on nothing is awaited, so that no delete and no lock can come between the check and the write.
  requirePushable(content, place, digest, tags);
  const imageSize = body.length + sizeOfReferences(content, place, manifest);
  const { mediaType, subject, config } = manifest;
  const stored = {
    digest,
    mediaType,
    body,
    imageSize,
    subject,
    configMediaType: config?.mediaType,
    ...platform,
  };
  content.putManifest(place, stored, tags);
  sendEmpty(call.response, 201, {
    location: `/v2/${repository}/manifests/${digest}`,
    'docker-content-digest': digest,
    ...(manifest.subject ? { 'oci-subject': manifest.subject } : {}),
    ...(reference.digest && tags.length > 0 ? { 'oci-tag': tags.join(', ') } : {}),
  });
  emit(eventOf(call, 'push', { digest, mediaType, size: body.length }, tags));
}

/** A tag alone, or a manifest with all tags that point to it. Source: distribution-spec "Content Management". */
export function deleteManifest({ content, emit }: Stores, call: ManifestRequest): void {
  const place = placeOf(call);
  const { reference, repository } = call.route;
  if (reference.tag === undefined) requireManifestDeletable(content, place, reference.digest);
  else requireTagDeletable(content, place, reference.tag);
  const manifest = reference.digest && content.manifestProperties(place, reference.digest);
  const removed =
    reference.tag === undefined
      ? content.removeManifest(place, reference.digest)
      : content.removeTag(place, reference.tag);
  if (!removed) throw manifestUnknown(repository, reference);
  sendEmpty(call.response, 202);
  if (manifest) emit(eventOf(call, 'delete', { digest: manifest.digest, mediaType: manifest.mediaType }));
}

function digestFor(reference: Reference, body: Buffer): Digest {
  const digest = digestOf(body, reference.digest ? algorithmOf(reference.digest) : 'sha256');
  if (reference.digest && reference.digest !== digest) {
    throw digestInvalid('provided digest did not match uploaded content');
  }
  return digest;
}

const digestOf = (body: Buffer, algorithm: Algorithm) =>
  `${algorithm}:${createHash(algorithm).update(body).digest('hex')}` as Digest;

function queryTags(query: URLSearchParams): Tag[] {
  return query.getAll('tag').map((text) => {
    const tag = parseTag(text);
    if (!tag) throw tagInvalid(text);
    return tag;
  });
}

/**
 * The bytes of all that the manifest names, which must be there: its config and layers, or its manifests with all that
 * they name. Source: azure-sdk-for-js recordings, where 525 + 1469 + 2479 bytes of hello-world have `imageSize` 4473.
 */
function sizeOfReferences(content: Content, place: Place, { blobs, manifests }: Manifest): number {
  const sizes = [
    ...blobs.map((digest) => ({ digest, size: content.blobSize(place, digest) })),
    ...manifests.map(({ digest }) => ({ digest, size: content.imageSize(place, digest) })),
  ];
  return sizes.reduce((sum, { digest, size }) => {
    if (size === undefined) throw manifestBlobUnknown(digest);
    return sum + size;
  }, 0);
}
