import { apiVersions } from '../azure/resource-manager.ts';
import { azSite, viewSite } from '../pull-path/links.ts';
import { identityFacts, type SiteResource } from '../pull-path/site-resource.ts';
import type { Remedy } from './remedy.ts';

/** Attaches a system-assigned identity, and keeps the user-assigned ones. */
export const assignIdentity: Remedy = {
  id: 'assign-identity',
  title: 'Attach a system-assigned managed identity',
  commands: (view) => [`az webapp identity assign ${azSite(view)}`],
  repair: {
    plan: (view) =>
      view.site.identity.systemAssigned
        ? undefined
        : { kind: 'add', what: 'identity', to: 'SystemAssigned', target: view.site.id, restarts: false },
    apply: async (azure, view) => {
      const { id, identity } = view.site;
      const userAssigned = identity.userAssigned.map((it) => [it.id, {}] as const);
      const type = userAssigned.length > 0 ? 'SystemAssigned, UserAssigned' : 'SystemAssigned';
      const written = await azure.resourceManager.send<SiteResource>('PATCH', id, apiVersions.web, {
        identity: {
          type,
          ...(userAssigned.length > 0 && { userAssignedIdentities: Object.fromEntries(userAssigned) }),
        },
      });
      return viewSite(view.snapshot, { ...view.site, identity: identityFacts(written) });
    },
  },
};
