import { writeOneGeneration } from '../../remedies/by-hand/network.ts';
import type { Cause } from '../cause.ts';
import { networkRefusals } from '../log-text.ts';
import { pullOverVnet } from '../pages.ts';

export const propertyRenamed: Cause = {
  id: 'D5',
  link: 'network',
  confidence: 'hidden',
  title: 'vnetImagePullEnabled was written with an api-version that does not have it',
  why: 'Newer api-versions call it outboundVnetRouting.imagePullTraffic. A name that the api-version does not know is dropped without a word, and whoever reads with an older one sees nothing of what was written.',
  frequency: 'occasional',
  seenAs: networkRefusals,
  shownBy:
    'The property is still false after it was written. doctor reads both names; pulls that go over the internet it reports as D1 or D7.',
  remedies: [writeOneGeneration],
  docs: pullOverVnet,
};
