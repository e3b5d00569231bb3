import { apiVersions } from '../azure/resource-manager.ts';
import { identityFacts, type SiteResource } from '../pull-path/site-resource.ts';
import { azSite, type SiteView, viewSite } from '../pull-path/site-view.ts';
import type { Remedy } from './remedy.ts';
import { siteBicep, siteTerraform } from './site-code.ts';

const keptIds = ({ site }: SiteView): string[] => site.identity.userAssigned.map(({ id }) => id);
const typeWith = (kept: string[]) => (kept.length > 0 ? 'SystemAssigned, UserAssigned' : 'SystemAssigned');

/** Attaches a system-assigned identity, and keeps the user-assigned ones. */
export const assignIdentity: Remedy = {
  id: 'assign-identity',
  title: 'Attach a system-assigned managed identity',
  commands: (view) => [`az webapp identity assign ${azSite(view)}`],
  bicep: (view) => {
    const kept = keptIds(view);
    const ids = kept.map((id) => `'${id}': {}`).join(', ');
    const list = kept.length > 0 ? `, userAssignedIdentities: { ${ids} }` : '';
    return siteBicep(view, `identity: { type: '${typeWith(kept)}'${list} }`);
  },
  terraform: (view) => {
    const kept = keptIds(view);
    if (kept.length === 0) return siteTerraform(view, 'identity { type = "SystemAssigned" }');
    return siteTerraform(
      view,
      `identity {\n  type = "${typeWith(kept)}"\n  identity_ids = ${JSON.stringify(kept)}\n}`,
    );
  },
  repair: {
    plan: (view) =>
      view.site.identity.systemAssigned
        ? undefined
        : { kind: 'add', what: 'identity', to: 'SystemAssigned', target: view.site.id, restarts: false },
    apply: async (azure, view) => {
      const kept = keptIds(view);
      const written = await azure.resourceManager.send<SiteResource>('PATCH', view.site.id, apiVersions.web, {
        identity: {
          type: typeWith(kept),
          ...(kept.length > 0 && {
            userAssignedIdentities: Object.fromEntries(kept.map((id) => [id, {}])),
          }),
        },
      });
      return viewSite(view.snapshot, { ...view.site, identity: identityFacts(written) });
    },
  },
};
