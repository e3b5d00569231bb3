import { mendStorage } from '../../remedies/by-hand/start.ts';
import { type Check, skip, warn } from '../cause.ts';
import { storageFailure, volumeNotMounted } from '../log-text.ts';
import { failedInstances } from './failed-instances.ts';

/**
 * Source: what users show of Site Status, such as "LastError: BYOSFailure, … Failure mounting the provided storage."
 */
export const storageNotMounted: Check = {
  id: 'F7',
  link: 'start',
  confidence: 'hint',
  title: 'The image was pulled, and a storage of the site could not be mounted',
  why: 'A container whose share cannot be mounted is not started: its key has changed, or its network rules keep the site out. It is no failure of the pull.',
  frequency: 'occasional',
  seenAs: [storageFailure, volumeNotMounted],
  judge: (view) => {
    const instances = failedInstances(view, 'BYOSFailure');
    if (instances.length === 0) return skip('no mount failed');
    return warn('the site does not start because of its storage', ...instances);
  },
  remedies: [mendStorage],
  docs: 'https://learn.microsoft.com/azure/app-service/configure-connect-to-azure-storage',
};
