import { raiseStartLimit } from '../../remedies/by-hand/start.ts';
import { type Check, skip, warn } from '../cause.ts';
import { containerTimeout, noPings, probeFailed, startLimit } from '../log-text.ts';
import { startSettings } from '../look-at-link.ts';
import { noPingsPage } from '../pages.ts';
import { failedInstances, settingEvidence } from './failed-instances.ts';

/** In seconds. Source: learn.microsoft.com/azure/app-service/reference-app-settings */
const mostAllowed = 1800;

export const slowStart: Check = {
  id: 'F2',
  link: 'start',
  confidence: 'hint',
  title: 'The app takes longer to start than the platform waits',
  why: 'The platform gives a container 230 seconds to answer, unless WEBSITES_CONTAINER_START_TIME_LIMIT says otherwise, and then stops it. It is no failure of the pull.',
  frequency: 'common',
  seenAs: [noPings, probeFailed, containerTimeout, startLimit],
  judge: (view) => {
    const instances = failedInstances(view, 'ContainerTimeout');
    const { appSettings } = view.site;
    if (instances.length === 0 || !appSettings.known) return skip('no instance waited for the app in vain');
    const { startTimeLimit } = appSettings.value;
    if (startTimeLimit !== undefined && startTimeLimit >= mostAllowed)
      return skip('the platform waits no longer');
    return warn(
      'the container did not answer in time, and the platform would wait longer if it were told so',
      ...instances,
      settingEvidence(view, 'WEBSITES_CONTAINER_START_TIME_LIMIT', startTimeLimit),
    );
  },
  look: startSettings,
  remedies: [raiseStartLimit],
  docs: noPingsPage,
};
