import { pinDigest } from '../../remedies/by-hand/image.ts';
import type { Cause } from '../cause.ts';
import { manifestUnknown } from '../log-text.ts';

export const replicaBehind: Cause = {
  id: 'E3',
  link: 'manifest',
  confidence: 'hidden',
  title: 'The replica in the site’s region does not have the image yet',
  why: 'A registry that is replicated sends what was pushed in one region to the others, which takes a while. A site pulls from the nearest.',
  frequency: 'rare',
  seenAs: [manifestUnknown],
  shownBy:
    'The image was pushed minutes ago and is found from one region and not from another; the next start is fine.',
  remedies: [pinDigest],
  docs: 'https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication',
};
