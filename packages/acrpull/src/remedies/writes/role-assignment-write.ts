import { createHash } from 'node:crypto';
import { apiVersions, type ResourceManager, ResourceManagerError } from '../../azure/resource-manager.ts';
import { Failure } from '../../failure.ts';
import type { BuiltInRole } from '../../pull-path/permissions.ts';
import { identityFacts, type SiteResource } from '../../pull-path/site-resource.ts';
import type { Change, WriteKind } from './write.ts';

/** Makes a role assignment, changes its condition, or deletes it. */
export interface RoleAssignmentWrite {
  kind: 'role-assignment';
  /** Of the assignment; undefined until its principal is known. */
  id?: string;
  scope: string;
  role: BuiltInRole;
  principal: Principal;
  /** Null: there is none. */
  from: Terms | null;
  to: Terms | null;
}

/** The system-assigned identity of a site has no id before it is there. */
export type Principal = { id: string } | { systemAssignedOf: string };

/** What may differ between two assignments of one role to one principal. */
export interface Terms {
  condition: string | null;
}

interface RoleAssignmentResource {
  id: string;
  properties: { roleDefinitionId: string; principalId: string; scope: string; condition?: string | null };
}

export const roleAssignmentWrite: WriteKind<RoleAssignmentWrite> = {
  changes: ({ scope, role, principal, from, to }) => {
    const holder = 'id' in principal ? principal.id : 'the new identity';
    const where = `${role.name} at ${scopeLabel(scope)}, for ${holder}`;
    const condition = (terms: Terms | null) => (terms?.condition ? ` if ${terms.condition}` : '');
    if (from && to) {
      const change: Change = { kind: 'change', what: 'condition' };
      return [{ ...change, from: from.condition ?? 'none', to: to.condition ?? 'none' }];
    }
    return to
      ? [{ kind: 'add', what: 'role assignment', to: where + condition(to) }]
      : [{ kind: 'remove', what: 'role assignment', from: where + condition(from) }];
  },
  target: ({ id, scope }) => id ?? scope,
  restarts: false,
  needs: ({ scope, to }) => {
    const verb = to ? 'write' : 'delete';
    return [{ action: `Microsoft.Authorization/roleAssignments/${verb}`, scope, operation: verb }];
  },
  complete: async (arm, write) => {
    const { principal, scope, role } = write;
    if (write.id) return write;
    const principalId =
      'id' in principal ? principal.id : await systemAssigned(arm, principal.systemAssignedOf);
    // Azure refuses a second one with the same role and principal (RoleAssignmentExists), whatever its name.
    const existing = await findAlike(arm, scope, principalId, role);
    const id = existing?.id ?? assignmentId(scope, assignmentName(scope, principalId, role.id));
    return { ...write, principal: { id: principalId }, id };
  },
  read: async (arm, { id, role, principal, from, to }) => {
    const found = await find(arm, id!);
    if (!found) return to === null ? 'after' : from === null ? 'before' : 'other';
    const { roleDefinitionId, principalId, condition } = found.properties;
    const isMeant = isRole(roleDefinitionId, role) && 'id' in principal && principalId === principal.id;
    const isOf = (terms: Terms | null) =>
      isMeant && terms !== null && (condition || null) === terms.condition;
    if (isOf(to)) return 'after';
    return isOf(from) ? 'before' : 'other';
  },
  send: async (arm, write) => {
    const { id, scope, role, principal, to } = write;
    if (!to) {
      await arm.send('DELETE', id!, apiVersions.authorization);
      return write;
    }
    await arm.send('PUT', id!, apiVersions.authorization, {
      properties: {
        roleDefinitionId: roleDefinitionId(scope, role),
        principalId: 'id' in principal && principal.id,
        // Without it a new principal is looked up, and often not there yet (cause B8).
        principalType: 'ServicePrincipal',
        ...(to.condition && { condition: to.condition, conditionVersion: '2.0' }),
      },
    });
    return write;
  },
  inverse: ({ from, to, ...rest }) => ({ ...rest, from: to, to: from }),
};

const assignmentId = (scope: string, name: string): string =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;

/** A GUID made of what is granted, as Bicep's `guid(scope, principal, role)` is: the same grant has the same name. */
export function assignmentName(scope: string, principalId: string, roleId: string): string {
  const hash = createHash('sha256')
    .update([scope, principalId, roleId].join('|').toLowerCase())
    .digest('hex');
  return hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** `registry hoge`, `resource group blog`, `subscription …`, or the id of another scope. */
export function scopeLabel(scope: string): string {
  const name = scope.split('/').at(-1) ?? '';
  if (/\/registries\/[^/]+$/i.test(scope)) return `registry ${name}`;
  if (/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i.test(scope)) return `resource group ${name}`;
  return /^\/subscriptions\/[^/]+$/i.test(scope) ? `subscription ${name}` : scope;
}

const isRole = (definitionId: string, role: BuiltInRole) =>
  definitionId.toLowerCase().endsWith(`/${role.id}`);

/** As it is named at a scope; above the subscriptions, roles of Azure's own are the tenant's. */
export function roleDefinitionId(scope: string, role: BuiltInRole): string {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
  return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`;
}

async function findAlike(
  arm: ResourceManager,
  scope: string,
  principalId: string,
  role: BuiltInRole,
): Promise<RoleAssignmentResource | undefined> {
  const filter = encodeURIComponent(`principalId eq '${principalId}'`);
  const held = await arm.list<RoleAssignmentResource>(
    `${scope}/providers/Microsoft.Authorization/roleAssignments?$filter=${filter}`,
    apiVersions.authorization,
  );
  return held.find(
    ({ properties }) =>
      properties.principalId === principalId &&
      properties.scope.toLowerCase() === scope.toLowerCase() &&
      isRole(properties.roleDefinitionId, role),
  );
}

async function systemAssigned(arm: ResourceManager, site: string): Promise<string> {
  const { systemAssigned } = identityFacts(await arm.get<SiteResource>(site, apiVersions.web));
  if (systemAssigned) return systemAssigned.principalId;
  throw new Failure('The site has no system-assigned identity to grant the role to.', { resource: site });
}

async function find(arm: ResourceManager, id: string): Promise<RoleAssignmentResource | undefined> {
  try {
    return await arm.get<RoleAssignmentResource>(id, apiVersions.authorization);
  } catch (error) {
    if (error instanceof ResourceManagerError && error.status === 404) return undefined;
    throw error;
  }
}
