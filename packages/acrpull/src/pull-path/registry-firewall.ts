import { isInRange } from './ip-range.ts';
import type { RegistryNetworkFacts } from './snapshot.ts';

/**
 * Whether a registry refuses everybody who comes over the internet. Without public access no rule counts.
 *
 * Source: MicrosoftDocs/azure-docs container-registry-access-selected-networks.md
 */
export const isClosed = ({ publicNetworkAccess, defaultAction, ipRules }: RegistryNetworkFacts): boolean =>
  publicNetworkAccess !== 'Enabled' || (defaultAction === 'Deny' && ipRules.length === 0);

/** Whether it lets everybody in. */
export const isOpen = ({ publicNetworkAccess, defaultAction }: RegistryNetworkFacts): boolean =>
  publicNetworkAccess === 'Enabled' && defaultAction !== 'Deny';

/** Those of the addresses that it refuses. */
export function refusedAddresses(network: RegistryNetworkFacts, addresses: string[]): string[] {
  if (isOpen(network)) return [];
  if (isClosed(network)) return addresses;
  return addresses.filter((address) => !network.ipRules.some((range) => isInRange(address, range)));
}
