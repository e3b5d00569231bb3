import { formatReference } from '../pull-path/image-reference.ts';
import { correctReference } from '../remedies/by-hand.ts';
import { type Check, cannotTell, fail, pass, skip } from './check.ts';
import { referenceEvidence } from './reference-evidence.ts';

export const referenceMalformed: Check = {
  id: 'A13',
  link: 'image',
  title: 'linuxFxVersion is malformed',
  why: 'App Service hands the reference to the container engine as it is, which refuses it with "invalid reference format".',
  judge: (view) => {
    const { site, image } = view;
    if (!site.config.known) return cannotTell('config/web could not be read', site.config.because);
    if (!image || image.ok) return pass(image ? formatReference(image.reference) : '');
    if (image.problem.kind === 'host') return skip('see A14: no registry is named');
    return fail(image.problem.message, referenceEvidence(view));
  },
  remedies: [correctReference],
  docs: 'https://learn.microsoft.com/azure/app-service/configure-custom-container#change-the-docker-image-of-a-custom-container',
};
