import { assignIdentity } from '../../remedies/assign-identity.ts';
import { grantPull } from '../../remedies/grant-pull.ts';
import { removeCredentials } from '../../remedies/remove-credentials.ts';
import { setFlag } from '../../remedies/set-flag.ts';
import { type Check, fail, skip } from '../cause.ts';
import { incorrectPassword, refusals } from '../log-text.ts';
import { managedIdentityPull } from '../pages.ts';
import { credentialsEvidence, flagEvidence, isFlagSilent, storedCredentials } from './flag-facts.ts';

export const adminUserOff: Check = {
  id: 'A17',
  link: 'flag',
  confidence: 'verdict',
  title: 'The site pulls as the admin user, who is turned off',
  why: 'Without the flag the stored user name and password count. They are those of the registry’s admin user, and the registry does not let that one in.',
  frequency: 'common',
  seenAs: [...refusals, incorrectPassword],
  judge: (view) => {
    const { config } = view.site;
    if (!config.known || config.value.acrUseManagedIdentityCreds || isFlagSilent(view))
      return skip('does not apply');
    if (storedCredentials(view).kind !== 'refused' || !view.registry?.known) return skip('does not apply');
    return fail(
      'the site pulls with the admin user’s password, and adminUserEnabled is false',
      flagEvidence(view),
      credentialsEvidence(view),
      { property: 'properties.adminUserEnabled', value: 'false', resource: view.registry.value.id },
    );
  },
  // Never the admin user again: it would hide the cause.
  remedies: [setFlag, assignIdentity, grantPull, removeCredentials],
  docs: managedIdentityPull,
};
