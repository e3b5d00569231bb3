import { proveEveryInstance } from '../../remedies/by-hand/start.ts';
import type { Cause } from '../cause.ts';
import { localCopy } from '../log-text.ts';
import { pullFails } from '../pages.ts';

export const localCopyHidesIt: Cause = {
  id: 'C6',
  link: 'start',
  confidence: 'hidden',
  title: 'An old copy of the image hides a broken pull',
  why: 'When a pull fails, the platform starts the copy that the instance still has. The site works for weeks, until it is scaled out or moved to an instance without one.',
  frequency: 'common',
  seenAs: [localCopy],
  shownBy:
    'The log says that the pull failed and that the local copy is taken; verify takes no such start for a proof.',
  remedies: [proveEveryInstance],
  docs: pullFails,
};
