import { apiVersions, type ResourceManager, ResourceManagerError } from '../azure/resource-manager.ts';
import { readFact } from './read-fact.ts';
import type { Fact, UserAssignedIdentityFacts } from './snapshot.ts';

/** A user-assigned identity as it is, or null when it is deleted: sites that it was attached to still list it (B7). */
export function readUserAssignedIdentity(
  arm: ResourceManager,
  id: string,
): Promise<Fact<UserAssignedIdentityFacts | null>> {
  return readFact(id, async () => {
    try {
      const identity = await arm.get<{ properties: UserAssignedIdentityFacts }>(
        id,
        apiVersions.managedIdentity,
      );
      const { clientId, principalId, tenantId } = identity.properties;
      return { clientId, principalId, tenantId };
    } catch (error) {
      // A subscription that the reader cannot see is "not found" too, and says nothing of the identity.
      const codes = ['ResourceNotFound', 'ResourceGroupNotFound'];
      if (error instanceof ResourceManagerError && codes.includes(error.code)) return null;
      throw error;
    }
  });
}
