import { apiVersions, type ResourceManager, ResourceManagerError } from '../azure/resource-manager.ts';
import { readFact } from './read-fact.ts';
import type { Fact, UserAssignedIdentityFacts } from './snapshot.ts';

/** As Resource Manager answers it. */
export interface IdentityResource {
  id: string;
  name: string;
  properties: UserAssignedIdentityFacts;
}

/** Where Resource Manager lists the user-assigned identities of a subscription. */
export const identitiesPath = (subscriptionId: string): string =>
  `/subscriptions/${subscriptionId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;

/** The user-assigned identities of a subscription that the reader sees, by lower-case id. */
export function listUserAssignedIdentities(
  arm: ResourceManager,
  subscriptionId: string,
): Promise<Fact<Map<string, UserAssignedIdentityFacts>>> {
  const path = identitiesPath(subscriptionId);
  return readFact(path, async () => {
    const identities = await arm.list<IdentityResource>(path, apiVersions.managedIdentity);
    return new Map(identities.map((it) => [it.id.toLowerCase(), factsOf(it)]));
  });
}

/** A user-assigned identity as it is, or null when it is deleted: sites that it was attached to still list it (B7). */
export function readUserAssignedIdentity(
  arm: ResourceManager,
  id: string,
): Promise<Fact<UserAssignedIdentityFacts | null>> {
  return readFact(id, async () => {
    try {
      return factsOf(await arm.get<IdentityResource>(id, apiVersions.managedIdentity));
    } catch (error) {
      // A subscription that the reader cannot see is "not found" too, and says nothing of the identity.
      const codes = ['ResourceNotFound', 'ResourceGroupNotFound'];
      if (error instanceof ResourceManagerError && codes.includes(error.code)) return null;
      throw error;
    }
  });
}

const factsOf = ({ properties: { clientId, principalId, tenantId } }: IdentityResource) => ({
  clientId,
  principalId,
  tenantId,
});
