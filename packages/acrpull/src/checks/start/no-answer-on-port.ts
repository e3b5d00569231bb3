import { setPort } from '../../remedies/by-hand/start.ts';
import { type Check, skip, warn } from '../cause.ts';
import { containerTimeout, noPings, probeFailed, startLimit } from '../log-text.ts';
import { startSettings } from '../look-at-link.ts';
import { noPingsPage } from '../pages.ts';
import { failedInstances, settingEvidence } from './failed-instances.ts';

export const noAnswerOnPort: Check = {
  id: 'F1',
  link: 'start',
  confidence: 'hint',
  title: 'The image was pulled, and the app does not answer where the platform asks',
  why: 'The platform asks at WEBSITES_PORT, else at the port that the image exposes. An app that listens at another one, or at 127.0.0.1 of its container only, is never reached. It is no failure of the pull.',
  frequency: 'very common',
  seenAs: [noPings, probeFailed, containerTimeout, startLimit],
  judge: (view) => {
    const instances = failedInstances(view, 'ContainerTimeout');
    if (instances.length === 0) return skip('no instance waited for the app in vain');
    const { appSettings } = view.site;
    return warn(
      'the image is there, and the container did not answer in time',
      ...instances,
      ...(appSettings.known ? [settingEvidence(view, 'WEBSITES_PORT', appSettings.value.websitesPort)] : []),
    );
  },
  look: startSettings,
  remedies: [setPort],
  lookAlikes: {
    ids: ['F2', 'F8'],
    commands: setPort.commands,
  },
  docs: noPingsPage,
};
