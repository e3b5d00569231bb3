import { azSite, type SiteView } from '../pull-path/site-view.ts';
import type { Aim } from './aim.ts';
import type { Remedy } from './remedy.ts';
import { type Identities, identityBicep, identityTerraform } from './site-code.ts';
import { attachedTo } from './writes/identity-write.ts';

/** A system-assigned identity beside the user-assigned ones that are there. */
const withSystemAssigned = ({ site }: SiteView): Identities => ({
  system: true,
  ids: site.identity.userAssigned.map(({ id }) => id),
});

/** Whatever is attached stays. */
function wanted(view: SiteView, { identity }: Aim): Identities {
  const attached = attachedTo(view.site.identity);
  if (identity.kind === 'system-assigned') return withSystemAssigned(view);
  const isThere = attached.ids.some((id) => id.toLowerCase() === identity.id.toLowerCase());
  return { system: attached.system, ids: isThere ? attached.ids : [...attached.ids, identity.id] };
}

/** Attaches a system-assigned identity, or the one that the user has chosen, and keeps the others. */
export const assignIdentity: Remedy = {
  id: 'assign-identity',
  title: 'Attach a system-assigned managed identity',
  commands: (view) => [`az webapp identity assign ${azSite(view)}`],
  bicep: (view) => identityBicep(view, withSystemAssigned(view)),
  terraform: (view) => identityTerraform(view, withSystemAssigned(view)),
  repair: {
    plan: (view, aim) => {
      const from = attachedTo(view.site.identity);
      const to = wanted(view, aim);
      const isSo = from.system === to.system && from.ids.length === to.ids.length;
      return isSo ? undefined : { kind: 'identity', site: view.site.id, from, to };
    },
  },
};
