import { setFlag } from '../../remedies/set-flag.ts';
import { type Check, skip, warn } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { managedIdentityPull } from '../pages.ts';
import { credentialsEvidence, flagEvidence, isFlagSilent, storedCredentials } from './flag-facts.ts';

export const storedAsPrivateRegistry: Check = {
  id: 'A5',
  link: 'flag',
  confidence: 'hint',
  title: 'The portal or a GitHub action stored the app as "Private Registry"',
  why: 'With an image source other than Azure Container Registry the portal sets the flag and the client id back, and asks for a user and a password.',
  frequency: 'occasional',
  seenAs: refusals,
  judge: (view) => {
    const { config } = view.site;
    if (!config.known || config.value.acrUseManagedIdentityCreds || isFlagSilent(view))
      return skip('does not apply');
    const { kind } = storedCredentials(view);
    if (kind !== 'usable' && kind !== 'refused') return skip('no credentials for this registry are stored');
    return warn(
      'the site has a user and a password for an Azure registry, as the portal leaves it for a private one',
      flagEvidence(view),
      credentialsEvidence(view),
    );
  },
  remedies: [setFlag],
  docs: managedIdentityPull,
};
