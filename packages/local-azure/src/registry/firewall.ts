import type { Client } from '../client.ts';
import { isInRanges } from '../ipv4-ranges.ts';
import type { Firewall } from './registry-facts.ts';

/**
 * Whether a registry lets a client in at all. Without public access no rule counts.
 * Source: MicrosoftDocs/azure-docs container-registry-access-selected-networks.md
 */
export const admits = (
  { publicNetworkAccess, networkRuleSet: { defaultAction, ipRules } }: Firewall,
  { address }: Client,
): boolean =>
  publicNetworkAccess === 'Enabled' &&
  (defaultAction === 'Allow' ||
    isInRanges(
      address,
      ipRules.map(({ value }) => value),
    ));
