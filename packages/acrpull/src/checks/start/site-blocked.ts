import { restartOnce } from '../../remedies/by-hand/start.ts';
import type { Cause } from '../cause.ts';
import { siteStatus } from '../pages.ts';

export const siteBlocked: Cause = {
  id: 'C4',
  link: 'start',
  confidence: 'hidden',
  title: 'The site is blocked after repeated failures',
  why: 'A site that failed to start several times is kept from trying for a while, so that a repair that is right appears not to work.',
  frequency: 'common',
  seenAs: [],
  shownBy:
    'The runtime status in the portal (Properties of the app) says Blocked; no public interface has it.',
  remedies: [restartOnce],
  docs: siteStatus,
};
