import { removeCredentials } from '../../remedies/remove-credentials.ts';
import { type Check, skip, warn } from '../cause.ts';
import { clientIdMustBeGuid, invalidClientId, refusals } from '../log-text.ts';
import { pullFails } from '../pages.ts';
import { credentialsEvidence, flagEvidence, isFlagSilent } from './flag-facts.ts';

/** That the flag decides, and not the credentials, is inferred from what Microsoft advises, and documented nowhere. */
export const leftoverCredentials: Check = {
  id: 'A16',
  link: 'flag',
  confidence: 'hint',
  title: 'Registry credentials are left over',
  why: 'Whenever something turns the flag off, the site falls back to them in silence: they work until they are rotated or the admin user is turned off, and then nobody remembers them.',
  frequency: 'common',
  seenAs: [clientIdMustBeGuid, invalidClientId, ...refusals],
  judge: (view) => {
    const { config, appSettings } = view.site;
    if (!config.known || !config.value.acrUseManagedIdentityCreds || isFlagSilent(view))
      return skip('does not apply');
    if (!appSettings.known || !(appSettings.value.username || appSettings.value.password))
      return skip('none are known');
    return warn(
      'the identity is meant to pull, and a user or a password for a registry is still stored',
      flagEvidence(view),
      credentialsEvidence(view),
    );
  },
  remedies: [removeCredentials],
  docs: pullFails,
};
