import type { ConfigFacts, IdentityFacts } from './snapshot.ts';

/** Which of a site's identities pulls, or why none can. */
export type PullingPrincipal =
  | { found: true; kind: 'system-assigned' | 'user-assigned'; principalId: string; tenantId?: string }
  | { found: false; reason: 'no-identity' | 'client-id-missing' | 'client-id-not-attached' };

/**
 * App Service's rule: `acrUserManagedIdentityID` (a client id) names a user-assigned identity; empty means the
 * system-assigned one. An unreadable configuration counts as empty, which is the default.
 *
 * Source: Azure/azure-cli issue 14631; Azure/app-service-linux-docs "Configure ACR with Managed Identities".
 */
export function pullingPrincipal(identity: IdentityFacts, config?: ConfigFacts): PullingPrincipal {
  const clientId = config?.acrUserManagedIdentityID;
  if (!identity.systemAssigned && identity.userAssigned.length === 0)
    return { found: false, reason: 'no-identity' };
  if (clientId) {
    const attached = identity.userAssigned.find((it) => it.clientId.toLowerCase() === clientId.toLowerCase());
    return attached
      ? { found: true, kind: 'user-assigned', principalId: attached.principalId }
      : { found: false, reason: 'client-id-not-attached' };
  }
  return identity.systemAssigned
    ? { found: true, kind: 'system-assigned', ...identity.systemAssigned }
    : { found: false, reason: 'client-id-missing' };
}
