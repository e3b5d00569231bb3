import type { Grant, RegistryFacts, RoleFacts } from './snapshot.ts';

/** A role to grant, by the GUID that is the same in every tenant. */
export interface BuiltInRole {
  id: string;
  name: string;
}

// Source: MicrosoftDocs/azure-docs, "Azure built-in roles for Containers"
export const acrPull: BuiltInRole = { id: '7f951dda-4ed3-4680-a7ca-43fe172d538d', name: 'AcrPull' };
export const repositoryReader: BuiltInRole = {
  id: 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
  name: 'Container Registry Repository Reader',
};

const abacMode = 'AbacRepositoryPermissions';

/** The least role that lets a principal pull from this registry: ABAC registries do not honour AcrPull. */
export const leastPullRole = (registry: Pick<RegistryFacts, 'roleAssignmentMode'>): BuiltInRole =>
  registry.roleAssignmentMode === abacMode ? repositoryReader : acrPull;

/** Whether the role lets its holder pull from this registry. */
export function letsPull(role: RoleFacts, registry: Pick<RegistryFacts, 'roleAssignmentMode'>): boolean {
  return registry.roleAssignmentMode === abacMode
    ? permits(
        role.dataActions,
        role.notDataActions,
        'Microsoft.ContainerRegistry/registries/repositories/content/read',
      )
    : permits(role.actions, role.notActions, 'Microsoft.ContainerRegistry/registries/pull/read');
}

/** Whether an assignment at `scope` reaches the resource: the scope is the resource itself or an ancestor of it. */
export function reaches(scope: string, resourceId: string): boolean {
  const above = scope.toLowerCase().replace(/\/+$/, '');
  const id = resourceId.toLowerCase();
  return id === above || id.startsWith(`${above}/`) || isManagementGroup(above);
}

// A management group's id is no prefix of a subscription's; Azure lists its assignments only where they apply.
const isManagementGroup = (scope: string) =>
  scope.startsWith('/providers/microsoft.management/managementgroups/');

/** The grants that let the principal pull from the registry now. */
export const pullGrants = (grants: Grant[], registry: RegistryFacts): Grant[] =>
  grants.filter((grant) => letsPull(grant.role, registry) && reaches(grant.scope, registry.id));

/** Whether actions with `*` wildcards, less the `notActions`, include the action. Azure compares without case. */
export function permits(actions: string[], notActions: string[], action: string): boolean {
  const included = (patterns: string[]) => patterns.some((pattern) => matches(pattern, action));
  return included(actions) && !included(notActions);
}

function matches(pattern: string, action: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`, 'i').test(action);
}
