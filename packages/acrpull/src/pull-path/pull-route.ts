import type { SiteFacts, Unreadable } from './snapshot.ts';

/**
 * The way that a site's pulls take. `undecided`: the property is false, and the app setting says otherwise; the
 * property goes before the setting where somebody wrote it, and Azure shows `false` also where nobody did (cause D4).
 */
export type PullRoute = { kind: 'public' | 'vnet' | 'undecided' } | { kind: 'unknown'; because: Unreadable };

/**
 * Without a subnet there is no way but the public one, whatever the switches say.
 *
 * Source: Azure/AppService _posts/2024-04-23-Networking-compliance-improvements.md
 */
export function pullRoute({ network, appSettings }: Pick<SiteFacts, 'network' | 'appSettings'>): PullRoute {
  if (network.hostingEnvironmentId) return { kind: 'vnet' };
  if (!network.virtualNetworkSubnetId) return { kind: 'public' };
  if (network.vnetImagePullEnabled) return { kind: 'vnet' };
  if (!appSettings.known) return { kind: 'unknown', because: appSettings.because };
  if (!appSettings.value.pullImageOverVnet) return { kind: 'public' };
  return { kind: network.vnetImagePullEnabled === false ? 'undecided' : 'vnet' };
}
