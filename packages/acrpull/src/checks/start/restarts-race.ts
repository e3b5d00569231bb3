import { restartOnce } from '../../remedies/by-hand/start.ts';
import type { Cause } from '../cause.ts';
import { pullInterrupted } from '../log-text.ts';
import { siteStatus } from '../pages.ts';

export const restartsRace: Cause = {
  id: 'C5',
  link: 'start',
  confidence: 'hidden',
  title: 'Two restarts raced',
  why: 'A second restart cuts off the pull of the first. It has nothing to do with rights, and one more restart cures it.',
  frequency: 'occasional',
  seenAs: [pullInterrupted],
  shownBy: 'The log says that the pull was interrupted, and no refusal.',
  remedies: [restartOnce],
  docs: siteStatus,
};
