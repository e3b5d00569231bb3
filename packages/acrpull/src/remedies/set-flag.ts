import { azSite, type SiteView } from '../pull-path/site-view.ts';
import type { Aim } from './aim.ts';
import type { Remedy } from './remedy.ts';
import { siteConfigBicep, siteConfigTerraform } from './site-code.ts';
import type { PullSettings, SiteConfigWrite } from './writes/site-config-write.ts';

/** Tells the platform to pull with the identity. */
export const setFlag: Remedy = {
  id: 'set-flag',
  title: 'Set acrUseManagedIdentityCreds',
  commands: (view) => [
    `az webapp config set ${azSite(view)} --generic-configurations '{"acrUseManagedIdentityCreds": true}'`,
  ],
  bicep: (view) => siteConfigBicep(view, 'acrUseManagedIdentityCreds: true'),
  terraform: (view) => siteConfigTerraform(view, 'container_registry_use_managed_identity = true'),
  repair: { plan: planPullSettings },
};

/**
 * What is to be written to `config/web` so that the identity that is aimed at pulls. The flag and the client id go in
 * one write, since each restarts the site.
 */
export function planPullSettings({ site }: SiteView, aim: Aim): SiteConfigWrite | undefined {
  if (!site.config.known) return undefined;
  const { acrUseManagedIdentityCreds: flag, acrUserManagedIdentityID: named } = site.config.value;
  const wantedId = aim.identity.kind === 'user-assigned' ? aim.identity.clientId : null;
  const isNamed = (named ?? '').toLowerCase() === (wantedId ?? '').toLowerCase();
  const from: PullSettings = {
    ...(!isNamed && { acrUserManagedIdentityID: named }),
    ...(!flag && { acrUseManagedIdentityCreds: false }),
  };
  const to: PullSettings = {
    ...(!isNamed && { acrUserManagedIdentityID: wantedId }),
    ...(!flag && { acrUseManagedIdentityCreds: true }),
  };
  return isNamed && flag ? undefined : { kind: 'site-config', site: site.id, from, to };
}
