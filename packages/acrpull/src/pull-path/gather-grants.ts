import { apiVersions, type ResourceManager } from '../azure/resource-manager.ts';
import { once } from './once.ts';
import { readFact } from './read-fact.ts';
import type { Fact, Grant, RoleFacts } from './snapshot.ts';

interface RoleAssignment {
  id: string;
  properties: {
    roleDefinitionId: string;
    principalId: string;
    scope: string;
    condition?: string | null;
    createdOn?: string;
  };
}

interface RoleDefinition {
  properties: {
    roleName: string;
    permissions: {
      actions?: string[];
      notActions?: string[];
      dataActions?: string[];
      notDataActions?: string[];
    }[];
  };
}

/**
 * Reads all role assignments of a principal in the subscription, at whatever scope, each with what its role permits.
 * A role is read once, however many hold it.
 */
export function grantReader(
  arm: ResourceManager,
  subscriptionId: string,
): (principalId: string) => Promise<Fact<Grant[]>> {
  const role = once((definitionId: string) => readRole(arm, definitionId));
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleAssignments`;
  return (principalId) =>
    readFact(path, async () => {
      // assignedTo() counts the principal's groups in; a plain principalId filter would not.
      const filter = encodeURIComponent(`assignedTo('${principalId}')`);
      const assignments = await arm.list<RoleAssignment>(
        `${path}?$filter=${filter}`,
        apiVersions.authorization,
      );
      return Promise.all(
        assignments.map(async ({ id, properties }) => ({
          id,
          scope: properties.scope,
          principalId: properties.principalId,
          role: await role(properties.roleDefinitionId),
          ...(properties.condition && { condition: properties.condition }),
          ...(properties.createdOn && { createdOn: properties.createdOn }),
        })),
      );
    });
}

async function readRole(arm: ResourceManager, definitionId: string): Promise<RoleFacts> {
  const { properties } = await arm.get<RoleDefinition>(definitionId, apiVersions.authorization);
  const all = (kind: 'actions' | 'notActions' | 'dataActions' | 'notDataActions') =>
    properties.permissions.flatMap((permission) => permission[kind] ?? []);
  return {
    id: definitionId.split('/').at(-1)!.toLowerCase(),
    name: properties.roleName,
    actions: all('actions'),
    notActions: all('notActions'),
    dataActions: all('dataActions'),
    notDataActions: all('notDataActions'),
  };
}
