import type { StoredManifest } from './content/manifests.ts';
import { ociIndexType, parseManifest } from './manifest-format.ts';
import { placeOf, type RegistryRequest, type RouteOf, type Stores, sendJson } from './request.ts';

/** Manifests whose subject is this digest, as an index. Source: distribution-spec "Listing Referrers". */
export function listReferrers({ content }: Stores, call: RegistryRequest<RouteOf<'referrers'>>): void {
  const artifactType = call.query.get('artifactType');
  const manifests = content
    .referrers(placeOf(call), call.route.digest)
    .map(toDescriptor)
    .filter((descriptor) => !artifactType || descriptor.artifactType === artifactType);
  sendJson(
    call.response,
    { schemaVersion: 2, mediaType: ociIndexType, manifests },
    { 'content-type': ociIndexType, 'oci-filters-applied': artifactType ? 'artifactType' : undefined },
  );
}

function toDescriptor({ digest, mediaType, body }: StoredManifest) {
  const { artifactType, annotations } = parseManifest(body, mediaType);
  return { mediaType, size: body.length, digest, artifactType, annotations };
}
