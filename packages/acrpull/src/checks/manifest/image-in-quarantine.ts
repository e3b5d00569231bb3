import { releaseImage } from '../../remedies/by-hand/image.ts';
import { type Check, skip, warn } from '../cause.ts';
import { manifestUnknown } from '../log-text.ts';

/**
 * Source: Azure/acr docs/preview/quarantine/readme.md, a preview: "only a user with quarantine reader permissions can
 * see the image"
 */
export const imageInQuarantine: Check = {
  id: 'B14',
  link: 'manifest',
  confidence: 'hint',
  title: 'The registry keeps new images in quarantine',
  why: 'Until a scanner has released it, an image is not there for whoever holds AcrPull: by its tag it is not found, by its digest "The operation is disallowed".',
  frequency: 'rare',
  seenAs: ['unknown: The operation is disallowed.', manifestUnknown],
  judge: ({ registry }) => {
    if (!registry?.known || registry.value.quarantinePolicy !== 'enabled')
      return skip('there is no quarantine');
    return warn('the image may be in quarantine, where the identity does not see it', {
      property: 'properties.policies.quarantinePolicy.status',
      value: registry.value.quarantinePolicy,
      resource: registry.value.id,
    });
  },
  remedies: [releaseImage],
  docs: 'https://github.com/Azure/acr/tree/main/docs/preview/quarantine',
};
