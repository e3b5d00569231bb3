import { restartOnce } from '../../remedies/by-hand/start.ts';
import type { Cause } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { managedIdentityPull } from '../pages.ts';

export const settingsHalfWritten: Cause = {
  id: 'C3',
  link: 'flag',
  confidence: 'hidden',
  title: 'The site pulled while its settings were being written',
  why: 'Each write starts the site anew, so that it may pull between two of them: with the image and without the flag, or with the flag and without the role.',
  frequency: 'very common',
  seenAs: refusals,
  shownBy: 'The refusals in the log end with the minute of the change, and the next start is fine.',
  remedies: [restartOnce],
  docs: managedIdentityPull,
};
