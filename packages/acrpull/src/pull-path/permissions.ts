import { splitId } from '../azure/resource-id.ts';
import { conditionHolds } from './role-condition.ts';
import type { DenyAssignment, Grant, Permission, RegistryFacts } from './snapshot.ts';

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
type Mode = Pick<RegistryFacts, 'roleAssignmentMode'>;

/** Whether the registry honours roles on repositories, and AcrPull no more. */
export const isAbac = ({ roleAssignmentMode }: Mode): boolean => roleAssignmentMode === abacMode;

/** The least role that lets a principal pull from this registry. */
export const leastPullRole = (registry: Mode): BuiltInRole => (isAbac(registry) ? repositoryReader : acrPull);

const pullAction = 'Microsoft.ContainerRegistry/registries/pull/read';
const contentAction = 'Microsoft.ContainerRegistry/registries/repositories/content/read';

/** Whether a role, or a deny assignment, includes the pull, in a registry of this mode. */
export const includesPull = ({ permissions }: { permissions: Permission[] }, registry: Mode): boolean =>
  permissions.some((it) =>
    isAbac(registry)
      ? permits(it.dataActions, it.notDataActions, contentAction)
      : permits(it.actions, it.notActions, pullAction),
  );

/** Whether a grant with this condition lets its holder pull from the repository; undefined: it cannot be told. */
export const conditionAllows = (condition: string | undefined, registry: Mode, repository: string) =>
  condition === undefined ||
  conditionHolds(condition, isAbac(registry) ? contentAction : pullAction, repository);

/** Whether a grant reaches the resource: it is assigned there, or at an ancestor. */
export function reaches({ scope, listedIn }: Pick<Grant, 'scope' | 'listedIn'>, resourceId: string): boolean {
  const above = scope.toLowerCase().replace(/\/+$/, '');
  const id = resourceId.toLowerCase();
  if (id === above || id.startsWith(`${above}/`)) return true;
  // A management group's id is no prefix of a subscription's; Azure lists its assignments only where they apply.
  const isManagementGroup = above.startsWith('/providers/microsoft.management/managementgroups/');
  return isManagementGroup && splitId(resourceId).subscriptionId === listedIn;
}

/** The grants that let the principal pull the repository from the registry now. */
export const pullGrants = (grants: Grant[], registry: RegistryFacts, repository: string): Grant[] =>
  grants.filter(
    (grant) =>
      includesPull(grant.role, registry) &&
      reaches(grant, registry.id) &&
      conditionAllows(grant.condition, registry, repository) === true,
  );

const everybody = '00000000-0000-0000-0000-000000000000';

/** Whether a deny assignment, listed at the resource, holds there for a principal that goes by these ids. */
function concerns(denial: DenyAssignment, ids: string[], resourceId: string): boolean {
  const names = (list: string[]) =>
    list.some((it) => ids.some((id) => id.toLowerCase() === it.toLowerCase()));
  if (denial.doNotApplyToChildScopes && denial.scope.toLowerCase() !== resourceId.toLowerCase()) return false;
  const isMeant = denial.principals.includes(everybody) || names(denial.principals);
  return isMeant && !names(denial.excludePrincipals);
}

/** Whether it takes the pull from the principal. */
export const deniesPull = (denial: DenyAssignment, ids: string[], registry: RegistryFacts): boolean =>
  concerns(denial, ids, registry.id) && includesPull(denial, registry);

/** Whether it takes an action at the resource from the principal. */
export const denies = (denial: DenyAssignment, ids: string[], resourceId: string, action: string): boolean =>
  concerns(denial, ids, resourceId) &&
  denial.permissions.some((it) => permits(it.actions, it.notActions, action));

/** Whether actions with `*` wildcards, less the `notActions`, include the action. Azure compares without case. */
export function permits(actions: string[], notActions: string[], action: string): boolean {
  const included = (patterns: string[]) => patterns.some((pattern) => matches(pattern, action));
  return included(actions) && !included(notActions);
}

function matches(pattern: string, action: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`, 'i').test(action);
}
