import { faultKind } from '../fault-kind.ts';
import { delay, lateBy } from '../late-change.ts';
import { registrySettingsWritten } from '../places.ts';

// Source: MicrosoftDocs/azure-docs container-registry-access-selected-networks.md
export const registrySettingsDelay = faultKind({
  name: 'registry-settings-delay',
  does: 'A registry goes on with its former firewall, policies and other settings for a while after a change.',
  standsFor: 'A change of the network rules of a registry takes a few minutes.',
  limits: ['registry'],
  parameters: { delay: delay('2m') },
  strikes: ({ delay }) => [registrySettingsWritten.struckBy(lateBy(delay))],
});
