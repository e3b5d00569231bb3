import { readBody } from '../read-body.ts';
import { digestInvalid, manifestTooLarge, manifestUnknown, tagInvalid } from './errors.ts';
import { digestOf, keepManifest } from './keep-manifest.ts';
import { requireEnabled, requireManifestDeletable, requireTagDeletable } from './locks.ts';
import { parseManifest } from './manifest-format.ts';
import { algorithmOf, type Digest, parseTag, type Tag } from './names.ts';
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
  await keepManifest({ content, blobs }, place, { digest, body, manifest }, tags);
  sendEmpty(call.response, 201, {
    location: `/v2/${repository}/manifests/${digest}`,
    'docker-content-digest': digest,
    ...(manifest.subject ? { 'oci-subject': manifest.subject } : {}),
    ...(reference.digest && tags.length > 0 ? { 'oci-tag': tags.join(', ') } : {}),
  });
  emit(eventOf(call, 'push', { digest, mediaType: manifest.mediaType, size: body.length }, tags));
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

function queryTags(query: URLSearchParams): Tag[] {
  return query.getAll('tag').map((text) => {
    const tag = parseTag(text);
    if (!tag) throw tagInvalid(text);
    return tag;
  });
}
