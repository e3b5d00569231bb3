import { splitId } from '../azure/resource-id.ts';
import { apiVersions, type ResourceManager } from '../azure/resource-manager.ts';
import { once } from './once.ts';
import { readFact } from './read-fact.ts';
import type { CallerPermission, DenyAssignment, Fact, Grant, Permission, RoleFacts } from './snapshot.ts';

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
  properties: { roleName: string; type?: string; permissions: Partial<Permission>[] };
}

interface DenyAssignmentResource {
  id: string;
  properties: {
    denyAssignmentName: string;
    scope: string;
    doNotApplyToChildScopes?: boolean;
    /** Of newer api-versions: one that only audits denies nothing. */
    denyAssignmentEffect?: string;
    principals?: { id: string }[] | null;
    excludePrincipals?: { id: string }[] | null;
    permissions: Partial<Permission>[];
  };
}

export interface GrantReader {
  /** What a principal may do in a subscription, at whatever scope, through groups too. */
  ofPrincipal(principalId: string, subscriptionId: string): Promise<Fact<Grant[]>>;
  /** The same out of one list for all principals, which does not tell what they may do through groups. */
  listed(principalId: string, subscriptionId: string): Promise<Fact<Grant[]>>;
  /** Whatever is granted at this very scope, to whomever. */
  atScope(scope: string): Promise<Fact<Grant[]>>;
}

/** Reads role assignments, each with what its role permits. A role is read once, however many hold it. */
export function grantReader(arm: ResourceManager): GrantReader {
  const role = once((definitionId: string) => readRole(arm, definitionId));

  const list = (scope: string, filter?: string) => {
    const query = filter === undefined ? '' : `?$filter=${encodeURIComponent(filter)}`;
    return arm.list<RoleAssignment>(`${pathAt(scope)}${query}`, apiVersions.authorization);
  };

  const withRoles = (scope: string, assignments: RoleAssignment[]): Promise<Grant[]> =>
    Promise.all(
      assignments.map(async ({ id, properties }) => ({
        id,
        scope: properties.scope,
        listedIn: splitId(scope).subscriptionId,
        principalId: properties.principalId,
        role: await role(properties.roleDefinitionId),
        ...(properties.condition && { condition: properties.condition }),
        ...(properties.createdOn && { createdOn: properties.createdOn }),
      })),
    );

  const readGrants = (scope: string, filter: string, isWanted = (_: RoleAssignment) => true) =>
    readFact(pathAt(scope), async () => withRoles(scope, (await list(scope, filter)).filter(isWanted)));

  const byPrincipal = once((scope: string) => readFact(pathAt(scope), async () => group(await list(scope))));

  return {
    // It counts the principal's groups in; a plain principalId filter would not.
    ofPrincipal: (principalId, subscriptionId) =>
      readGrants(`/subscriptions/${subscriptionId}`, `assignedTo('${principalId}')`),
    listed: async (principalId, subscriptionId) => {
      const scope = `/subscriptions/${subscriptionId}`;
      const all = await byPrincipal(scope);
      if (!all.known) return all;
      return readFact(pathAt(scope), () => withRoles(scope, all.value.get(principalId.toLowerCase()) ?? []));
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

const pathAt = (scope: string) => `${scope}/providers/Microsoft.Authorization/roleAssignments`;

function group(assignments: RoleAssignment[]): Map<string, RoleAssignment[]> {
  const groups = new Map<string, RoleAssignment[]>();
  for (const assignment of assignments) {
    const principalId = assignment.properties.principalId.toLowerCase();
    groups.set(principalId, [...(groups.get(principalId) ?? []), assignment]);
  }
  return groups;
}

/**
 * What is denied at a scope and above.
 * Source: MicrosoftDocs/azure-docs role-based-access-control/deny-assignments-rest.md
 */
export function readDenyAssignments(arm: ResourceManager, scope: string): Promise<Fact<DenyAssignment[]>> {
  const path = `${scope}/providers/Microsoft.Authorization/denyAssignments`;
  return readFact(path, async () => {
    const query = `${path}?$filter=${encodeURIComponent('atScope()')}`;
    const all = await arm.list<DenyAssignmentResource>(query, apiVersions.authorization);
    const enforced = all.filter(({ properties }) => properties.denyAssignmentEffect !== 'audit');
    return enforced.map(({ id, properties }) => ({
      id,
      name: properties.denyAssignmentName,
      scope: properties.scope,
      doNotApplyToChildScopes: properties.doNotApplyToChildScopes === true,
      principals: (properties.principals ?? []).map((principal) => principal.id),
      excludePrincipals: (properties.excludePrincipals ?? []).map((principal) => principal.id),
      permissions: properties.permissions.map(wholePermission),
    }));
  });
}

/** What the caller may do at a scope. */
export function readPermissions(arm: ResourceManager, scope: string): Promise<Fact<CallerPermission[]>> {
  const path = `${scope}/providers/Microsoft.Authorization/permissions`;
  return readFact(path, async () => {
    const permissions = await arm.list<Partial<CallerPermission>>(path, apiVersions.permissions);
    return permissions.map(({ actions = [], notActions = [], condition }) => ({
      actions,
      notActions,
      ...(condition && { condition }),
    }));
  });
}

async function readRole(arm: ResourceManager, definitionId: string): Promise<RoleFacts> {
  const { properties } = await arm.get<RoleDefinition>(definitionId, apiVersions.authorization);
  return {
    id: definitionId.split('/').at(-1)!.toLowerCase(),
    name: properties.roleName,
    isCustom: properties.type === 'CustomRole',
    permissions: properties.permissions.map(wholePermission),
  };
}

const wholePermission = (given: Partial<Permission>): Permission => ({
  actions: given.actions ?? [],
  notActions: given.notActions ?? [],
  dataActions: given.dataActions ?? [],
  notDataActions: given.notDataActions ?? [],
});
