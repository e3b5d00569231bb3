import { createHash } from 'node:crypto';
import { apiVersions, ResourceManagerError } from '../azure/resource-manager.ts';
import { grantReader } from '../pull-path/gather-grants.ts';
import { type SiteView, viewSite } from '../pull-path/links.ts';
import { leastPullRole, pullGrants } from '../pull-path/permissions.ts';
import type { RegistryFacts } from '../pull-path/snapshot.ts';
import type { Remedy } from './remedy.ts';

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
  repair: {
    plan: (view) => {
      const registry = registryOf(view);
      const { site, principal } = view;
      if (!registry) return undefined;
      const held = principal.found && site.grants.known ? pullGrants(site.grants.value, registry) : [];
      if (held.length > 0) return undefined;
      const holder = principal.found ? principal.principalId : 'the new identity';
      const to = `${leastPullRole(registry).name} at registry ${registry.name}, for ${holder}`;
      return { kind: 'add', what: 'grant', to, target: registry.id, restarts: false };
    },
    apply: async (azure, view) => {
      const registry = registryOf(view);
      if (!registry || !view.principal.found) return view;
      const { subscriptionId } = view.snapshot.app;
      const { principalId } = view.principal;
      const role = leastPullRole(registry);
      const path = `${registry.id}/providers/Microsoft.Authorization/roleAssignments/${assignmentName(registry.id, principalId, role.id)}`;
      try {
        await azure.resourceManager.send('PUT', path, apiVersions.authorization, {
          properties: {
            roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
            principalId,
            // Without it Azure looks the principal up, and a new one is often not there yet (cause B8).
            principalType: 'ServicePrincipal',
          },
        });
      } catch (error) {
        if (!(error instanceof ResourceManagerError && error.code === 'RoleAssignmentExists')) throw error;
      }
      const grants = await grantReader(azure.resourceManager, subscriptionId)(principalId);
      return viewSite(view.snapshot, { ...view.site, grants });
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
