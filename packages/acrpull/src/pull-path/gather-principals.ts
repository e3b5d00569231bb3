import { splitId } from '../azure/resource-id.ts';
import { apiVersions, type ResourceManager } from '../azure/resource-manager.ts';
import { once } from './once.ts';
import { readFact } from './read-fact.ts';
import type { DenyAssignment, Fact, Grant, Permissions, PrincipalFacts, RoleFacts } from './snapshot.ts';

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
  properties: { roleName: string; type?: string; permissions: Partial<Permissions>[] };
}

interface DenyAssignmentResource {
  id: string;
  properties: { denyAssignmentName: string; scope: string; permissions: Partial<Permissions>[] };
}

export interface GrantReader {
  /** What a principal may do in a subscription, at whatever scope, through groups too. */
  ofPrincipal(principalId: string, subscriptionId: string): Promise<PrincipalFacts>;
  /** Whatever is granted at this very scope, to whomever. */
  atScope(scope: string): Promise<Fact<Grant[]>>;
}

/** Reads role assignments, each with what its role permits. A role is read once, however many hold it. */
export function grantReader(arm: ResourceManager): GrantReader {
  const role = once((definitionId: string) => readRole(arm, definitionId));

  const readGrants = (scope: string, filter: string, isWanted = (_: RoleAssignment) => true) => {
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
    return readFact(path, async (): Promise<Grant[]> => {
      const query = `${path}?$filter=${encodeURIComponent(filter)}`;
      const assignments = await arm.list<RoleAssignment>(query, apiVersions.authorization);
      return Promise.all(
        assignments.filter(isWanted).map(async ({ id, properties }) => ({
          id,
          scope: properties.scope,
          listedIn: splitId(scope).subscriptionId,
          principalId: properties.principalId,
          role: await role(properties.roleDefinitionId),
          ...(properties.condition && { condition: properties.condition }),
          ...(properties.createdOn && { createdOn: properties.createdOn }),
        })),
      );
    });
  };

  return {
    ofPrincipal: async (principalId, subscriptionId) => {
      const subscription = `/subscriptions/${subscriptionId}`;
      // It counts the principal's groups in; a plain principalId filter would not.
      const assignedTo = `assignedTo('${principalId}')`;
      const [grants, denyAssignments] = await Promise.all([
        readGrants(subscription, assignedTo),
        readDenyAssignments(arm, subscription, assignedTo),
      ]);
      return { grants, denyAssignments };
    },
    // The filter lists what is assigned above the scope, too.
    atScope: (scope) =>
      readGrants(
        scope,
        'atScope()',
        ({ properties }) => properties.scope.toLowerCase() === scope.toLowerCase(),
      ),
  };
}

/** Source: MicrosoftDocs/azure-docs role-based-access-control/deny-assignments-rest.md */
function readDenyAssignments(arm: ResourceManager, scope: string, filter: string) {
  const path = `${scope}/providers/Microsoft.Authorization/denyAssignments`;
  return readFact(path, async (): Promise<DenyAssignment[]> => {
    const query = `${path}?$filter=${encodeURIComponent(filter)}`;
    const denied = await arm.list<DenyAssignmentResource>(query, apiVersions.authorization);
    return denied.map(({ id, properties }) => ({
      id,
      name: properties.denyAssignmentName,
      scope: properties.scope,
      listedIn: splitId(scope).subscriptionId,
      ...allPermissions(properties.permissions),
    }));
  });
}

async function readRole(arm: ResourceManager, definitionId: string): Promise<RoleFacts> {
  const { properties } = await arm.get<RoleDefinition>(definitionId, apiVersions.authorization);
  return {
    id: definitionId.split('/').at(-1)!.toLowerCase(),
    name: properties.roleName,
    isCustom: properties.type === 'CustomRole',
    ...allPermissions(properties.permissions),
  };
}

function allPermissions(permissions: Partial<Permissions>[]): Permissions {
  const all = (kind: keyof Permissions) => permissions.flatMap((permission) => permission[kind] ?? []);
  return {
    actions: all('actions'),
    notActions: all('notActions'),
    dataActions: all('dataActions'),
    notDataActions: all('notDataActions'),
  };
}
