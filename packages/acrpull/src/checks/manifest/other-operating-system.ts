import { buildForPlatform } from '../../remedies/by-hand/image.ts';
import { type Check, fail, skip } from '../cause.ts';
import { noMatchingManifest, otherOperatingSystem as otherOs } from '../log-text.ts';
import { customContainer } from '../pages.ts';
import { manifestWithPlatforms, platformEvidence, platformText } from './platform-evidence.ts';

/** Source: MicrosoftDocs/azure-docs configure-custom-container.md, also that Windows Server 2025 is not supported */
export const otherOperatingSystem: Check = {
  id: 'E5',
  link: 'manifest',
  confidence: 'verdict',
  title: 'The image is for another operating system than the plan',
  why: 'A Linux plan runs Linux images and a Windows plan Windows images, of base images before Windows Server 2025.',
  frequency: 'occasional',
  seenAs: [noMatchingManifest, otherOs],
  judge: (view) => {
    const manifest = manifestWithPlatforms(view);
    if (!manifest) return skip('for which platform the image is was not told');
    const { platform, id } = view.site;
    if (manifest.platforms.length === 0 || manifest.platforms.some(({ os }) => os === platform))
      return skip(platform);
    return fail(
      `the image is for ${platformText(manifest.platforms)}, and the plan runs ${platform}`,
      platformEvidence(view, manifest.platforms),
      { property: 'properties.reserved', value: String(platform === 'linux'), resource: id },
    );
  },
  remedies: [buildForPlatform],
  docs: customContainer,
};
