import type { SiteView } from '../../pull-path/site-view.ts';
import type { Evidence } from '../cause.ts';

/** Which identity is named as the one that pulls: by the site, or by one of its containers. */
export function clientIdEvidence({ site, container }: SiteView): Evidence {
  if (container) {
    return {
      property: 'properties.userManagedIdentityClientId',
      value: String(container.userManagedIdentityClientId),
      resource: `${site.id}/sitecontainers/${container.name}`,
    };
  }
  return {
    property: 'properties.acrUserManagedIdentityID',
    value: site.config.known ? String(site.config.value.acrUserManagedIdentityID) : 'not read',
    resource: `${site.id}/config/web`,
  };
}

export const attachedEvidence = ({ site }: SiteView): Evidence => ({
  property: 'identity.userAssignedIdentities[*].clientId',
  value: site.identity.userAssigned.map(({ clientId }) => clientId).join(', ') || 'none',
  resource: site.id,
});

export const identityTypeEvidence = ({ site }: SiteView): Evidence => ({
  property: 'identity.type',
  value: site.identity.type,
  resource: site.id,
});
