import { restoreKeyAccess } from '../../remedies/by-hand/registry.ts';
import { type Check, skip, warn } from '../cause.ts';
import { unavailable } from '../log-text.ts';

/** What a registry without its key answers is not documented, so that this is a hint. */
export const registryNotReady: Check = {
  id: 'E10',
  link: 'registry',
  confidence: 'hint',
  title: 'The registry may be out of order',
  why: 'A registry that is encrypted with a key of your own gives no image when it cannot read the key: it was deleted, has expired, or the registry’s identity lost its access.',
  frequency: 'rare',
  seenAs: [unavailable],
  judge: ({ registry }) => {
    if (!registry?.known) return skip('the registry is not known');
    const { id, provisioningState, customerManagedKey } = registry.value;
    if (!['Failed', 'Canceled'].includes(provisioningState)) return skip('its last change did not fail');
    return warn(
      `the registry’s last change did not succeed${customerManagedKey ? ', and it needs a key of its owner’s' : ''}`,
      { property: 'properties.provisioningState', value: provisioningState, resource: id },
      {
        property: 'properties.encryption.status',
        value: customerManagedKey ? 'enabled' : 'disabled',
        resource: id,
      },
    );
  },
  remedies: [restoreKeyAccess],
  docs: 'https://learn.microsoft.com/azure/container-registry/tutorial-troubleshoot-customer-managed-keys',
};
