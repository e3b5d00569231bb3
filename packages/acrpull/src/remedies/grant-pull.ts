import { isAbac, leastPullRole, pullGrants } from '../pull-path/permissions.ts';
import type { SiteView } from '../pull-path/site-view.ts';
import { type Grant, known, type RegistryFacts } from '../pull-path/snapshot.ts';
import { type Aim, principalOf } from './aim.ts';
import { pullCondition } from './pull-condition.ts';
import type { Remedy } from './remedy.ts';
import type { RoleAssignmentWrite } from './writes/role-assignment-write.ts';

const registryOf = ({ registry }: SiteView): RegistryFacts | undefined =>
  registry?.known ? registry.value : undefined;

/** Gives the identity that pulls the least pull role, at the registry and no wider. */
export const grantPull: Remedy = {
  id: 'grant-pull',
  title: 'Grant the pull role at the registry',
  commands: (view) => {
    const registry = registryOf(view);
    if (!registry) return ['# find the registry first: az acr list -o table'];
    const principalId = view.principal.found ? view.principal.principalId : '<principalId of the identity>';
    const role = leastPullRole(registry).name;
    return [
      `az role assignment create --assignee-object-id ${principalId} --assignee-principal-type ServicePrincipal ` +
        `--role "${role}" --scope ${registry.id}`,
    ];
  },
  // Without the type of the principal a new one is looked up, and often not there yet (cause B8).
  bicep: (view) => {
    const role = leastPullRole(registryOf(view) ?? {});
    const principalId = view.principal.found
      ? `'${view.principal.principalId}'`
      : 'site.identity.principalId';
    return `resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, ${principalId}, '${role.id}')
  scope: registry // ${registryOf(view)?.name ?? 'the registry of the image'}
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${role.id}') // ${role.name}
    principalId: ${principalId}
    principalType: 'ServicePrincipal'
  }
}`;
  },
  terraform: (view) => {
    const registry = registryOf(view);
    return `resource "azurerm_role_assignment" "pull" {
  scope                = "${registry?.id ?? '<registry id>'}"
  role_definition_name = "${leastPullRole(registry ?? {}).name}"
  principal_id         = "${view.principal.found ? view.principal.principalId : '<principal id of the identity>'}"
  principal_type       = "ServicePrincipal"
}`;
  },
  repair: { plan: planGrant },
};

/**
 * One role assignment for all that the identity is to pull. On a registry in ABAC mode it is for their repositories
 * only; one that is there and has another condition is changed, since Azure takes no second one beside it.
 */
export function planGrant(view: SiteView, aim: Aim): RoleAssignmentWrite | undefined {
  const registry = registryOf(view);
  const principalId = principalOf(aim, view);
  const held = principalId === undefined ? known([]) : view.snapshot.grants[principalId];
  if (!registry || !view.azureImage || held?.known === false) return undefined;
  const grants = held?.value ?? [];
  if (aim.repositories.every((name) => pullGrants(grants, registry, name).length > 0)) return undefined;
  const role = leastPullRole(registry);
  const scope = aim.scope ?? registry.id;
  const existing = grants.find(
    (it) =>
      it.role.id === role.id &&
      it.principalId === principalId &&
      it.scope.toLowerCase() === scope.toLowerCase(),
  );
  // In another mode a condition is about something that is not understood here, and somebody wanted it.
  if (existing?.condition && !isAbac(registry)) return undefined;
  return {
    kind: 'role-assignment',
    ...(existing && { id: existing.id }),
    scope,
    role,
    principal: principalId === undefined ? { systemAssignedOf: view.site.id } : { id: principalId },
    from: existing ? { condition: existing.condition ?? null } : null,
    to: { condition: conditionFor(registry, aim.repositories, existing) },
  };
}

/** Those for which the grant that is there counts already stay in. */
function conditionFor(registry: RegistryFacts, repositories: string[], existing: Grant | undefined) {
  if (!isAbac(registry)) return null;
  const condition = pullCondition(repositories);
  return existing?.condition ? `(${existing.condition}) OR ${condition}` : condition;
}
