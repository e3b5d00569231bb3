import { correctReference } from '../../remedies/by-hand/image.ts';
import { type Check, fail, skip } from '../cause.ts';
import { dockerHub, incorrectPassword, pullAccessDenied } from '../log-text.ts';
import { changeImage } from '../pages.ts';
import { imageEvidence } from './image-evidence.ts';

export const referenceWithoutHost: Check = {
  id: 'A14',
  link: 'image',
  confidence: 'verdict',
  title: 'The image reference names no registry',
  why: 'The image is looked for where linuxFxVersion says; without a host that is Docker Hub, whatever DOCKER_REGISTRY_SERVER_URL says.',
  frequency: 'common',
  seenAs: [pullAccessDenied, dockerHub, incorrectPassword],
  judge: (view) => {
    const { image, container } = view;
    if (!image || image.ok || image.problem.kind !== 'host') return skip('does not apply');
    if (container) return skip('a sidecar may come from Docker Hub');
    return fail(image.problem.message, imageEvidence(view));
  },
  remedies: [correctReference],
  docs: changeImage,
};
