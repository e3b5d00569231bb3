import type { SiteView } from '../../pull-path/site-view.ts';
import { setContainerIdentity } from '../../remedies/by-hand/flag.ts';
import { type Check, type Evidence, fail, pass, skip, warn } from '../cause.ts';
import { imagePullFailure, refusals } from '../log-text.ts';
import { sidecars } from '../pages.ts';

export const sidecarIdentity: Check = {
  id: 'A19',
  link: 'flag',
  confidence: 'verdict',
  title: 'A container of the site does not pull with an identity',
  why: 'A site with sidecars (SITECONTAINERS) says for each container how its image is pulled: authType, and for a user-assigned identity its client id. Each slot has containers of its own.',
  frequency: 'occasional',
  seenAs: [imagePullFailure, ...refusals],
  judge: (view) => {
    const { container, azureImage, principal, image, site } = view;
    if (!container) {
      const isBare = image && !image.ok && image.problem.kind === 'sidecars' && site.containers.known;
      if (!isBare) return skip('the site has no sidecars');
      const resource = `${site.id}/sitecontainers`;
      return fail('the site is one with sidecars, and has no container', {
        property: 'sitecontainers',
        value: '[]',
        resource,
      });
    }
    if (!azureImage) return skip(`${container.name} is not pulled from an Azure Container Registry`);
    if (principal.found) return pass(`${container.name}: ${container.authType}`);
    if (principal.reason === 'not-chosen' && container.authType.toLowerCase() === 'usercredentials') {
      return warn('the container pulls with stored credentials', authTypeEvidence(view));
    }
    if (principal.reason === 'not-chosen')
      return fail('the container pulls as nobody', authTypeEvidence(view));
    if (principal.reason === 'client-id-missing') {
      return fail('the container names an identity that the site has not', authTypeEvidence(view), {
        property: 'identity.type',
        value: site.identity.type,
        resource: site.id,
      });
    }
    return skip('its identity is at fault, not its authType');
  },
  remedies: [setContainerIdentity],
  docs: sidecars,
};

function authTypeEvidence({ site, container }: SiteView): Evidence {
  const clientId = container?.userManagedIdentityClientId;
  return {
    property: 'properties.authType',
    value: `${container?.authType}${clientId ? `, ${clientId}` : ''}`,
    resource: `${site.id}/sitecontainers/${container?.name}`,
  };
}
