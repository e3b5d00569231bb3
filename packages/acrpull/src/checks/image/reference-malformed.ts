import { formatReference } from '../../pull-path/image-reference.ts';
import { correctReference } from '../../remedies/by-hand/image.ts';
import { type Check, cannotTell, fail, pass, skip } from '../cause.ts';
import { invalidReference } from '../log-text.ts';
import { changeImage } from '../pages.ts';
import { imageEvidence } from './image-evidence.ts';

export const referenceMalformed: Check = {
  id: 'A13',
  link: 'image',
  confidence: 'verdict',
  title: 'The image reference is malformed',
  why: 'App Service hands linuxFxVersion to the container engine as it is, which refuses it with "invalid reference format".',
  frequency: 'common',
  seenAs: [invalidReference],
  judge: (view) => {
    const { site, image } = view;
    if (!site.config.known) return cannotTell('config/web could not be read', site.config.because);
    if (!image) return skip('no image is configured');
    if (image.ok) return pass(formatReference(image.reference));
    switch (image.problem.kind) {
      case 'host':
        return skip('see A14: no registry is named');
      case 'compose':
        return skip('see A18: a Compose file names the images');
      case 'sidecars':
        return site.containers.known
          ? skip('see A19: the site has no container')
          : cannotTell('the containers of the site could not be read', site.containers.because);
      default:
        return fail(image.problem.message, imageEvidence(view));
    }
  },
  remedies: [correctReference],
  docs: changeImage,
};
