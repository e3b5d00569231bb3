import { buildForPlatform } from '../../remedies/by-hand/image.ts';
import { type Check, fail, skip, warn } from '../cause.ts';
import { execFormat, noMatchingManifest } from '../log-text.ts';
import { customContainer } from '../pages.ts';
import { isIndex, manifestWithPlatforms, platformEvidence, platformText } from './platform-evidence.ts';

/**
 * Source: Azure/app-service-linux-docs issue 110; MicrosoftDocs/azure-docs issue 101239: App Service runs amd64 alone.
 */
export const otherArchitecture: Check = {
  id: 'E4',
  link: 'manifest',
  confidence: 'verdict',
  title: 'The image is for another architecture',
  why: 'App Service runs linux/amd64. What was built on an Apple laptop is for arm64: an index without amd64 is not pulled, and a single image is, and then cannot start.',
  frequency: 'very common',
  seenAs: [execFormat, noMatchingManifest],
  judge: (view) => {
    const manifest = manifestWithPlatforms(view);
    if (!manifest) return skip('for which platform the image is was not told');
    const sameOs = manifest.platforms.filter(({ os }) => os === view.site.platform);
    if (sameOs.length === 0) return skip('see E5: the operating system is another one');
    if (sameOs.some(({ architecture }) => architecture === 'amd64')) return skip('amd64');
    const evidence = platformEvidence(view, manifest.platforms);
    return isIndex(manifest)
      ? fail(`the image is for ${platformText(sameOs)} and not for amd64`, evidence)
      : warn(
          `the image is pulled, and being for ${platformText(sameOs)} it does not start on Azure`,
          evidence,
        );
  },
  remedies: [buildForPlatform],
  docs: customContainer,
};
