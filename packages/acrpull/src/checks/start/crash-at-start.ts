import { readAppLog } from '../../remedies/by-hand/start.ts';
import { type Check, skip, warn } from '../cause.ts';
import { exitedDuringStart, finished, startupFailure } from '../log-text.ts';
import { noPingsPage } from '../pages.ts';
import { failedInstances } from './failed-instances.ts';

/** Source of the error’s name: what users show of Site Status */
export const crashAtStart: Check = {
  id: 'F8',
  link: 'start',
  confidence: 'hint',
  title: 'The image was pulled, and the app ends as it starts',
  why: 'A setting is missing, a reference to a key vault does not resolve, or the program crashes. Its own output says why. It is no failure of the pull.',
  frequency: 'common',
  seenAs: [exitedDuringStart, finished, startupFailure],
  judge: (view) => {
    const instances = failedInstances(view, 'ContainerStartupFailure');
    if (instances.length === 0) return skip('no container ended as it started');
    return warn('the container ends as it starts', ...instances);
  },
  remedies: [readAppLog],
  docs: noPingsPage,
};
