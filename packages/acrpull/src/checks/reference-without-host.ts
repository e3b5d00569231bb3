import { correctReference } from '../remedies/by-hand.ts';
import { type Check, fail, skip } from './check.ts';
import { referenceEvidence } from './reference-evidence.ts';

export const referenceWithoutHost: Check = {
  id: 'A14',
  link: 'image',
  title: 'linuxFxVersion names no registry',
  why: 'The image is looked for where linuxFxVersion says; without a host that is Docker Hub, whatever DOCKER_REGISTRY_SERVER_URL says.',
  judge: (view) => {
    const { site, image } = view;
    if (!site.config.known || !image || image.ok || image.problem.kind !== 'host')
      return skip('does not apply');
    return fail(image.problem.message, referenceEvidence(view));
  },
  remedies: [correctReference],
  docs: 'https://learn.microsoft.com/azure/app-service/configure-custom-container#change-the-docker-image-of-a-custom-container',
};
