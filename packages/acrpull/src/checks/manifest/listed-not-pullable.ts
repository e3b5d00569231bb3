import { pushAgain } from '../../remedies/by-hand/image.ts';
import type { Cause } from '../cause.ts';
import { manifestUnknown } from '../log-text.ts';
import { pullFails } from '../pages.ts';

/** Source: Azure/acr issue 742 */
export const listedNotPullable: Cause = {
  id: 'E2',
  link: 'manifest',
  confidence: 'hidden',
  title: 'The registry lists the tag and cannot give its manifest',
  why: 'A fault of the service: the tag is in every list, and whoever pulls it is told that it is not there.',
  frequency: 'rare',
  seenAs: [manifestUnknown],
  shownBy: 'doctor reports E1, and `az acr repository show-tags` lists the tag all the same.',
  remedies: [pushAgain],
  docs: pullFails,
};
