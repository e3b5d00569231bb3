import { createHash } from 'node:crypto';
import { splitId } from '../azure/resource-id.ts';
import { apiVersions, ResourceManagerError } from '../azure/resource-manager.ts';
import { grantReader } from '../pull-path/gather-grants.ts';
import { leastPullRole, pullGrants } from '../pull-path/permissions.ts';
import { type SiteView, viewSite } from '../pull-path/site-view.ts';
import type { Grant, RegistryFacts } from '../pull-path/snapshot.ts';
import type { Remedy } from './remedy.ts';

const registryOf = ({ registry }: SiteView): RegistryFacts | undefined =>
  registry?.known ? registry.value : undefined;

/** What the identity holds already that lets it pull. */
const heldBy = ({ grants, azureImage }: SiteView, registry: RegistryFacts): Grant[] =>
  grants?.known && azureImage ? pullGrants(grants.value, registry, azureImage.repository) : [];

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
  repair: {
    plan: (view) => {
      const registry = registryOf(view);
      const { principal } = view;
      if (!registry || heldBy(view, registry).length > 0) return undefined;
      const holder = principal.found ? principal.principalId : 'the new identity';
      const to = `${leastPullRole(registry).name} at registry ${registry.name}, for ${holder}`;
      return { kind: 'add', what: 'grant', to, target: registry.id, restarts: false };
    },
    apply: async (azure, view) => {
      const registry = registryOf(view);
      if (!registry || !view.principal.found) return view;
      const { subscriptionId } = splitId(registry.id);
      const { principalId } = view.principal;
      const role = leastPullRole(registry);
      const path = `${registry.id}/providers/Microsoft.Authorization/roleAssignments/${assignmentName(registry.id, principalId, role.id)}`;
      try {
        await azure.resourceManager.send('PUT', path, apiVersions.authorization, {
          properties: {
            roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
            principalId,
            principalType: 'ServicePrincipal',
          },
        });
      } catch (error) {
        if (!(error instanceof ResourceManagerError && error.code === 'RoleAssignmentExists')) throw error;
      }
      const held = await grantReader(azure.resourceManager).ofPrincipal(principalId, subscriptionId);
      const grants = { ...view.snapshot.grants, [principalId]: held };
      return viewSite({ ...view.snapshot, grants }, view.site);
    },
  },
};

/** A GUID made of what is granted, as Bicep's `guid(scope, principal, role)` is: the same grant has the same name. */
export function assignmentName(scope: string, principalId: string, roleId: string): string {
  const hash = createHash('sha256')
    .update([scope, principalId, roleId].join('|').toLowerCase())
    .digest('hex');
  return hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
