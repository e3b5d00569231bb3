import { apiVersions, type ResourceManager } from '../azure/resource-manager.ts';
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

/** All role assignments of a principal in the subscription, at whatever scope, each with what its role permits. */
export function readGrants(
  arm: ResourceManager,
  subscriptionId: string,
  principalId: string,
): Promise<Fact<Grant[]>> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleAssignments`;
  return readFact(path, async () => {
    // assignedTo() counts the principal's groups in; a plain principalId filter would not.
    const filter = encodeURIComponent(`assignedTo('${principalId}')`);
    const assignments = await arm.list<RoleAssignment>(
      `${path}?$filter=${filter}`,
      apiVersions.authorization,
    );
    const definitionIds = [...new Set(assignments.map((it) => it.properties.roleDefinitionId))];
    const roles = new Map(
      await Promise.all(definitionIds.map(async (id) => [id, await readRole(arm, id)] as const)),
    );
    return assignments.map(({ id, properties }) => ({
      id,
      scope: properties.scope,
      principalId: properties.principalId,
      role: roles.get(properties.roleDefinitionId)!,
      ...(properties.condition && { condition: properties.condition }),
      ...(properties.createdOn && { createdOn: properties.createdOn }),
    }));
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
