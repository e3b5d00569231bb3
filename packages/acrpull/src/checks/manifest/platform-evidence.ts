import { formatReference } from '../../pull-path/image-reference.ts';
import type { SiteView } from '../../pull-path/site-view.ts';
import type { ImagePlatform, ManifestFacts } from '../../pull-path/snapshot.ts';
import type { Evidence } from '../cause.ts';

/** The image's manifest, where the registry has it and tells for which platforms it is. */
export function manifestWithPlatforms({
  manifest,
}: SiteView): (ManifestFacts & { platforms: ImagePlatform[] }) | undefined {
  if (!manifest?.known || !manifest.value?.platforms) return undefined;
  return { ...manifest.value, platforms: manifest.value.platforms };
}

/** Of an index Docker takes the image for its own platform; a single image it takes as it is. */
export const isIndex = ({ mediaType }: ManifestFacts): boolean =>
  /image\.index|manifest\.list/.test(mediaType);

export const platformText = (platforms: ImagePlatform[]): string =>
  platforms.map(({ os, architecture }) => `${os}/${architecture}`).join(', ') || 'no platform';

export const platformEvidence = ({ azureImage }: SiteView, platforms: ImagePlatform[]): Evidence => ({
  property: 'platform of the image',
  value: platformText(platforms),
  resource: azureImage ? formatReference(azureImage) : '',
});
