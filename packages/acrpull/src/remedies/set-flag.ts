import { apiVersions } from '../azure/resource-manager.ts';
import { azSite, viewSite } from '../pull-path/site-view.ts';
import { known } from '../pull-path/snapshot.ts';
import type { Remedy } from './remedy.ts';
import { siteConfigBicep, siteConfigTerraform } from './site-code.ts';

/** Tells the platform to pull with the identity. */
export const setFlag: Remedy = {
  id: 'set-flag',
  title: 'Set acrUseManagedIdentityCreds',
  commands: (view) => [
    `az webapp config set ${azSite(view)} --generic-configurations '{"acrUseManagedIdentityCreds": true}'`,
  ],
  bicep: (view) => siteConfigBicep(view, 'acrUseManagedIdentityCreds: true'),
  terraform: (view) => siteConfigTerraform(view, 'container_registry_use_managed_identity = true'),
  repair: {
    plan: ({ site }) =>
      site.config.known && !site.config.value.acrUseManagedIdentityCreds
        ? {
            kind: 'change',
            what: 'acrUseManagedIdentityCreds',
            from: 'false',
            to: 'true',
            target: `${site.id}/config/web`,
            restarts: true,
          }
        : undefined,
    apply: async (azure, view) => {
      const { site } = view;
      if (!site.config.known) return view;
      await azure.resourceManager.send('PATCH', `${site.id}/config/web`, apiVersions.web, {
        properties: { acrUseManagedIdentityCreds: true },
      });
      const config = known({ ...site.config.value, acrUseManagedIdentityCreds: true });
      return viewSite(view.snapshot, { ...site, config });
    },
  },
};
