import { setFlag } from '../../remedies/set-flag.ts';
import { type Check, cannotTell, pass, skip } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { managedIdentityPull } from '../pages.ts';
import { isFlagSilent, judgeWithoutFlag, siteWithFlag } from './flag-facts.ts';

export const flagOff: Check = {
  id: 'A1',
  link: 'flag',
  confidence: 'verdict',
  title: 'acrUseManagedIdentityCreds is off',
  why: 'Without the flag App Service does not use the identity: it asks the registry with a stored password, or with nothing.',
  frequency: 'very common',
  seenAs: refusals,
  judge: (view) => {
    const { config } = view.site;
    if (!config.known) return cannotTell('config/web could not be read', config.because);
    if (isFlagSilent(view)) return skip('it does not decide who pulls this image');
    if (config.value.acrUseManagedIdentityCreds) return pass('acrUseManagedIdentityCreds is true');
    if (siteWithFlag(view)) return skip('see A2: another site of this app has it');
    return judgeWithoutFlag(view, 'acrUseManagedIdentityCreds is false, so the identity is not used');
  },
  remedies: [setFlag],
  // Whatever sets the flag back to false leaves the same behind: who wrote it last tells them apart.
  lookAlikes: {
    ids: ['A3', 'A4', 'A5', 'A10'],
    commands: ({ snapshot: { app } }) => [
      `az monitor activity-log list -g ${app.resourceGroup} --offset 30d --query "[?contains(operationName.value, 'config/write')].[eventTimestamp, caller, resourceId]" -o tsv`,
    ],
  },
  docs: managedIdentityPull,
};
