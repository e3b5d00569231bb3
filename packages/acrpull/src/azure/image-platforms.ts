import type { ImagePlatform } from '../pull-path/snapshot.ts';

/** What the registry says of a manifest. Source: azure-rest-api-specs containerregistry.json, ManifestAttributesBase */
export interface ManifestAttributes {
  digest?: string;
  os?: string;
  architecture?: string;
}

/**
 * The platforms that an image is for: of an index as it lists them, of a single image as the registry tells. Undefined
 * where neither does.
 */
export function platformsOf(
  manifest: Record<string, unknown> | undefined,
  attributes: ManifestAttributes | undefined,
): ImagePlatform[] | undefined {
  if (Array.isArray(manifest?.manifests)) return manifest.manifests.flatMap(platformOf);
  const { os, architecture } = attributes ?? {};
  return os && architecture ? [{ os, architecture }] : undefined;
}

/** BuildKit's attestations stand in an index as images for `unknown`. Source: moby/buildkit docs/attestations */
function platformOf(entry: { platform?: Partial<ImagePlatform> } | null): ImagePlatform[] {
  const { os, architecture } = entry?.platform ?? {};
  return os && architecture && os !== 'unknown' ? [{ os, architecture }] : [];
}
