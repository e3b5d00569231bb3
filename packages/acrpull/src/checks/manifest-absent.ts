import { formatReference } from '../pull-path/image-reference.ts';
import { pushImage } from '../remedies/by-hand.ts';
import { type Check, cannotTell, fail, pass, skip } from './check.ts';

export const manifestAbsent: Check = {
  id: 'E1',
  link: 'manifest',
  title: 'The registry has no such image',
  why: 'The tag was never pushed, is misspelled, or was deleted. The platform often logs "unauthorized" last, from a second attempt.',
  judge: ({ site, image }) => {
    if (!image?.ok) return skip('no image is named');
    if (!site.manifest.known) {
      const { because } = site.manifest;
      if (because.kind === 'no-such-host') return skip('there is no such registry');
      return cannotTell(`whether the image is there was not checked: ${because.message}`, because);
    }
    if (site.manifest.value) return pass(site.manifest.value.digest);
    return fail(`${image.reference.host} has no ${image.reference.repository}:${image.reference.tag}`, {
      property: 'manifest',
      value: 'absent (404)',
      resource: formatReference(image.reference),
    });
  },
  remedies: [pushImage],
  docs: 'https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/pull-image-to-web-app-fail',
};
