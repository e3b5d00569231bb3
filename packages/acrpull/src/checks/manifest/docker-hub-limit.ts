import { bringFromDockerHub } from '../../remedies/by-hand/image.ts';
import { type Check, skip, warn } from '../cause.ts';
import { imageEvidence } from '../image/image-evidence.ts';
import { tooManyRequests } from '../log-text.ts';

/** Source: equinor/radix-platform issue 1007: pulls from an Azure registry are not counted by Docker Hub. */
export const dockerHubLimit: Check = {
  id: 'E8',
  link: 'manifest',
  confidence: 'hint',
  title: 'An image comes from Docker Hub, which limits pulls',
  why: 'Docker Hub counts pulls by address, and a site shares its addresses with others. A cache rule of the registry without credentials meets the same limit.',
  frequency: 'occasional',
  seenAs: [tooManyRequests],
  judge: (view) => {
    const { image, container } = view;
    if (!image) return skip('the image is not known');
    const isHub = image.ok
      ? dockerHubHosts.includes(image.reference.host)
      : container !== undefined && image.problem.kind === 'host';
    if (!isHub) return skip('it does not come from Docker Hub');
    return warn('Docker Hub may refuse the pull when too many were made', imageEvidence(view));
  },
  remedies: [bringFromDockerHub],
  docs: 'https://learn.microsoft.com/azure/container-registry/buffer-gate-public-content',
};

const dockerHubHosts = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];
