import { setFlag } from '../remedies/set-flag.ts';
import { type Check, cannotTell, fail, pass, skip, warn } from './check.ts';
import { flagEvidence, siteWithFlag } from './flag-facts.ts';

export const flagOff: Check = {
  id: 'A1',
  link: 'flag',
  title: 'acrUseManagedIdentityCreds is off',
  why: 'Without the flag App Service does not use the identity: it asks the registry with a stored password, or with nothing.',
  judge: (view) => {
    const { config, credentials } = view.site;
    if (!config.known) return cannotTell('config/web could not be read', config.because);
    if (config.value.acrUseManagedIdentityCreds) return pass('acrUseManagedIdentityCreds is true');
    if (siteWithFlag(view)) return skip('see A2: another site of this app has it');
    const says = 'acrUseManagedIdentityCreds is false, so the identity is not used';
    return credentials.known && credentials.value.username
      ? warn(`${says}; the site pulls with DOCKER_REGISTRY_SERVER_USERNAME instead`, flagEvidence(view))
      : fail(says, flagEvidence(view));
  },
  remedies: [setFlag],
  docs: 'https://learn.microsoft.com/azure/app-service/configure-custom-container#use-managed-identity-to-pull-image-from-azure-container-registry',
};
