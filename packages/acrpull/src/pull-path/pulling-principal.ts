import type { ConfigFacts, ContainerFacts, IdentityFacts } from './snapshot.ts';

/** Which of a site's identities pulls, or why none can. */
export type PullingPrincipal =
  | { found: true; kind: 'system-assigned'; principalId: string; tenantId?: string }
  | { found: true; kind: 'user-assigned'; principalId: string; identityId: string }
  | { found: false; reason: NoPrincipal };

/**
 * `not-chosen`: a container of a sidecar site pulls with credentials or anonymously. `other-registry`: only Azure
 * Container Registry takes a managed identity. `client-id-malformed`: no GUID. `client-id-is-principal-id`: of an
 * attached identity, but the wrong one of its ids.
 */
export type NoPrincipal =
  | 'no-identity'
  | 'not-chosen'
  | 'other-registry'
  | 'client-id-missing'
  | 'client-id-malformed'
  | 'client-id-is-principal-id'
  | 'client-id-not-attached';

/** Who is meant to pull: the system-assigned identity, or the user-assigned one with a client id. */
export type IdentityChoice =
  | { kind: 'system' }
  | { kind: 'user'; clientId: string | null }
  | { kind: 'none' };

/**
 * App Service's rule: `acrUserManagedIdentityID` (a client id) names a user-assigned identity; empty means the
 * system-assigned one. An unreadable configuration counts as empty, which is the default.
 *
 * Source: Azure/azure-cli issue 14631; Azure/app-service-linux-docs "Configure ACR with Managed Identities".
 */
export function choiceOfSite(config: ConfigFacts | undefined): IdentityChoice {
  const clientId = config?.acrUserManagedIdentityID;
  return clientId ? { kind: 'user', clientId } : { kind: 'system' };
}

/** A site with sidecars says it for each container. Source: azure-rest-api-specs Microsoft.Web AuthType */
export function choiceOfContainer({ authType, userManagedIdentityClientId }: ContainerFacts): IdentityChoice {
  switch (authType.toLowerCase()) {
    case 'systemidentity':
      return { kind: 'system' };
    case 'userassigned':
      return { kind: 'user', clientId: userManagedIdentityClientId };
    default:
      return { kind: 'none' };
  }
}

export function pullingPrincipal(identity: IdentityFacts, choice: IdentityChoice): PullingPrincipal {
  const none = (reason: NoPrincipal): PullingPrincipal => ({ found: false, reason });
  if (choice.kind === 'none') return none('not-chosen');
  const { systemAssigned, userAssigned } = identity;
  if (!systemAssigned && userAssigned.length === 0) return none('no-identity');
  if (choice.kind === 'system') {
    return systemAssigned
      ? { found: true, kind: 'system-assigned', ...systemAssigned }
      : none('client-id-missing');
  }
  if (!choice.clientId) return none('client-id-missing');
  const clientId = choice.clientId.toLowerCase();
  const attached = userAssigned.find((it) => it.clientId.toLowerCase() === clientId);
  if (attached) {
    return { found: true, kind: 'user-assigned', principalId: attached.principalId, identityId: attached.id };
  }
  if (!isGuid(clientId)) return none('client-id-malformed');
  const principalIds = [...userAssigned.map((it) => it.principalId), systemAssigned?.principalId];
  return none(
    principalIds.some((it) => it?.toLowerCase() === clientId)
      ? 'client-id-is-principal-id'
      : 'client-id-not-attached',
  );
}

const isGuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
