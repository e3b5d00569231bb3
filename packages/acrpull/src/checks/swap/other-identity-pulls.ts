import { siteName } from '../../pull-path/site-view.ts';
import { shareIdentity } from '../../remedies/by-hand/swap.ts';
import { grantPull } from '../../remedies/grant-pull.ts';
import { type ForetoldCause, fail, pass, skip } from '../cause.ts';
import { imageEvidence } from '../image/image-evidence.ts';
import { refusals } from '../log-text.ts';
import { whatSwaps } from '../pages.ts';
import { newlyBroken } from './newly-broken.ts';

export const otherIdentityPulls: ForetoldCause = {
  id: 'G1',
  link: 'grant',
  confidence: 'foretold',
  title: 'After a swap another identity pulls the image, and may not',
  why: 'The image travels with a swap, and the identity stays. What was warmed up still runs; the next restart or new instance pulls as the identity of the slot that the image has come to.',
  frequency: 'common',
  seenAs: refusals,
  foretell: (site) => {
    const { before, after, other } = site;
    if (!after.view.azureImage) return skip('no image of an Azure Container Registry comes here');
    const link = newlyBroken(site, ['identity', 'grant']);
    if (link) {
      return fail(
        `the image comes from ${siteName(other.view)}, and the identity that stays here cannot pull it`,
        { ...imageEvidence(before.view), property: 'image now' },
        { ...imageEvidence(after.view), property: 'image after the swap' },
      );
    }
    return after.firstBroken
      ? skip('what breaks the pull is not the swap')
      : pass('the identity may pull it');
  },
  remedies: [grantPull, shareIdentity],
  docs: whatSwaps,
};
