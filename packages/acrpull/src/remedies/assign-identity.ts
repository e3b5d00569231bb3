import { apiVersions } from '../azure/resource-manager.ts';
import { identityFacts, type SiteResource } from '../pull-path/site-resource.ts';
import { azSite, type SiteView, viewSite } from '../pull-path/site-view.ts';
import type { Remedy } from './remedy.ts';
import { type Identities, identityBicep, identityTerraform, identityType } from './site-code.ts';

/** A system-assigned identity beside the user-assigned ones that are there. */
const wanted = ({ site }: SiteView): Identities => ({
  system: true,
  ids: site.identity.userAssigned.map(({ id }) => id),
});

/** Attaches a system-assigned identity, and keeps the user-assigned ones. */
export const assignIdentity: Remedy = {
  id: 'assign-identity',
  title: 'Attach a system-assigned managed identity',
  commands: (view) => [`az webapp identity assign ${azSite(view)}`],
  bicep: (view) => identityBicep(view, wanted(view)),
  terraform: (view) => identityTerraform(view, wanted(view)),
  repair: {
    plan: (view) =>
      view.site.identity.systemAssigned
        ? undefined
        : { kind: 'add', what: 'identity', to: 'SystemAssigned', target: view.site.id, restarts: false },
    apply: async (azure, view) => {
      const { ids } = wanted(view);
      const written = await azure.resourceManager.send<SiteResource>('PATCH', view.site.id, apiVersions.web, {
        identity: {
          type: identityType(wanted(view)),
          ...(ids.length > 0 && { userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])) }),
        },
      });
      return viewSite(view.snapshot, { ...view.site, identity: identityFacts(written) });
    },
  },
};
