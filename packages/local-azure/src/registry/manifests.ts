import { createHash } from 'node:crypto';
import { readBody } from '../read-body.ts';
import type { Place } from './content.ts';
import {
  digestInvalid,
  manifestBlobUnknown,
  manifestTooLarge,
  manifestUnknown,
  tagInvalid,
} from './errors.ts';
import { type Manifest, parseManifest } from './manifest-format.ts';
import { type Algorithm, algorithmOf, type Digest, parseTag, type Tag } from './names.ts';
import { placeOf, type RegistryRequest, type RouteOf, type Stores, sendEmpty } from './request.ts';
import type { Reference } from './route.ts';

type ManifestRequest = RegistryRequest<RouteOf<'manifest'>>;

// Source: distribution-spec "Pushing Manifests": at least 4 megabytes.
const sizeLimit = 4 * 1024 * 1024;

/** GET and HEAD. Source: distribution-spec "Pulling manifests". */
export function readManifest({ content }: Stores, call: ManifestRequest): void {
  const place = placeOf(call);
  const { reference, repository } = call.route;
  const digest = reference.digest ?? content.tagged(place, reference.tag);
  const manifest = digest && content.manifest(place, digest);
  if (!manifest) throw manifestUnknown(repository, reference);
  call.response.writeHead(200, {
    'content-type': manifest.mediaType,
    'content-length': manifest.body.length,
    'docker-content-digest': manifest.digest,
    etag: `"${manifest.digest}"`,
  });
  call.response.end(manifest.body);
}

/** Source: distribution-spec "Pushing Manifests". */
export async function putManifest({ content }: Stores, call: ManifestRequest): Promise<void> {
  const place = placeOf(call);
  const { reference, repository } = call.route;
  const body = await readBody(call.request, sizeLimit);
  if (!body) throw manifestTooLarge(sizeLimit);
  const digest = digestFor(reference, body);
  const tags = reference.tag ? [reference.tag] : queryTags(call.query);
  const manifest = parseManifest(body, call.request.headers['content-type']);

  // From here on nothing is awaited, so that no delete can come between the check and the write.
  requireReferences(content, place, manifest);
  content.putManifest(
    place,
    { digest, mediaType: manifest.mediaType, body, subject: manifest.subject },
    tags,
  );
  sendEmpty(call.response, 201, {
    location: `/v2/${repository}/manifests/${digest}`,
    'docker-content-digest': digest,
    ...(manifest.subject ? { 'oci-subject': manifest.subject } : {}),
    ...(reference.digest && tags.length > 0 ? { 'oci-tag': tags.join(', ') } : {}),
  });
}

/** A tag alone, or a manifest with all tags that point to it. Source: distribution-spec "Content Management". */
export function deleteManifest({ content }: Stores, call: ManifestRequest): void {
  const place = placeOf(call);
  const { reference, repository } = call.route;
  const removed =
    reference.tag !== undefined
      ? content.removeTag(place, reference.tag)
      : content.removeManifest(place, reference.digest);
  if (!removed) throw manifestUnknown(repository, reference);
  sendEmpty(call.response, 202);
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

function requireReferences(content: Stores['content'], place: Place, { blobs, manifests }: Manifest): void {
  for (const digest of blobs) {
    if (content.blobSize(place, digest) === undefined) throw manifestBlobUnknown(digest);
  }
  for (const digest of manifests) {
    if (!content.hasManifest(place, digest)) throw manifestBlobUnknown(digest);
  }
}
