import { askForReader } from '../../remedies/by-hand/registry.ts';
import { type Check, cannotTell, skip } from '../cause.ts';
import { isRegistryAbsent } from './registry-absent.ts';

export const registryNotVisible: Check = {
  id: 'B12',
  link: 'registry',
  confidence: 'verdict',
  title: 'You cannot see the registry',
  why: 'A registry in another subscription of the tenant serves a site as well as any. Whoever may not read it cannot say whether the grant is there: that is no proof that it is missing.',
  frequency: 'common',
  seenAs: [],
  judge: (view) => {
    const { azureImage, registry } = view;
    if (!azureImage || !registry) return skip('no registry is named');
    if (registry.known) return skip('the registry is visible');
    if (isRegistryAbsent(view)) return skip('see A15: there is no such registry');
    return cannotTell(
      `${azureImage.host} is not visible to you, so its grants and policy were not checked`,
      registry.because,
    );
  },
  remedies: [askForReader],
  lookAlikes: {
    ids: ['A15', 'B11'],
    commands: ({ azureImage }) => [
      `az graph query -q "resources | where properties.loginServer =~ '${azureImage?.host}' | project id, tenantId"`,
    ],
  },
  docs: 'https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-login-authn-authz',
};
