import { convertToSidecars } from '../../remedies/by-hand/image.ts';
import { type Check, skip, warn } from '../cause.ts';
import { authenticationRequired } from '../log-text.ts';
import { imageEvidence } from './image-evidence.ts';

export const composeApp: Check = {
  id: 'A18',
  link: 'image',
  confidence: 'hint',
  title: 'The site runs a Docker Compose file',
  why: 'Pulling with a managed identity belongs to sidecar containers. A multi-container Compose site keeps to stored credentials, and ends its life on 31 March 2027.',
  frequency: 'rare',
  seenAs: [authenticationRequired],
  judge: (view) => {
    const { image } = view;
    if (!image || image.ok || image.problem.kind !== 'compose') return skip('does not apply');
    return warn('the site is a Docker Compose one, whose images a managed identity may not pull', {
      ...imageEvidence(view),
      // The file behind it is long, and may hold secrets.
      value: 'COMPOSE|…',
    });
  },
  remedies: [convertToSidecars],
  docs: 'https://azure.github.io/AppService/2025/04/01/Docker-compose-migration.html',
};
