import type { SiteView } from '../../pull-path/site-view.ts';
import { importImage } from '../../remedies/by-hand/registry.ts';
import { type Check, fail, skip } from '../cause.ts';
import { refusals } from '../log-text.ts';

export const otherTenant: Check = {
  id: 'B11',
  link: 'registry',
  confidence: 'verdict',
  title: 'The registry is in another tenant',
  why: 'A managed identity is known in its own tenant alone: no registry of another tenant can grant it anything.',
  frequency: 'rare',
  seenAs: refusals,
  judge: (view) => {
    const { registry, principal } = view;
    const ownTenant = tenantOf(view);
    if (!registry?.known || !registry.value.tenantId.known || !principal.found || !ownTenant)
      return skip('the tenants are not known');
    const { id, tenantId } = registry.value;
    if (tenantId.value.toLowerCase() === ownTenant.toLowerCase()) return skip('the same tenant');
    return fail(
      'the identity and the registry are in different tenants',
      { property: 'tenantId of the identity', value: ownTenant, resource: view.site.id },
      { property: 'tenantId of the subscription', value: tenantId.value, resource: id },
    );
  },
  remedies: [importImage],
  docs: 'https://learn.microsoft.com/azure/container-registry/authenticate-kubernetes-options',
};

function tenantOf({ principal, snapshot }: SiteView): string | undefined {
  if (!principal.found) return undefined;
  if (principal.kind === 'system-assigned') return principal.tenantId;
  const identity = snapshot.userAssignedIdentities[principal.identityId.toLowerCase()];
  return identity?.known ? identity.value?.tenantId : undefined;
}
