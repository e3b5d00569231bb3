import { fxVersionOf } from '../../pull-path/pulls.ts';
import type { SiteView } from '../../pull-path/site-view.ts';
import type { Evidence } from '../cause.ts';

/** The image reference as it was read, of the site or of one of its containers. */
export function imageEvidence({ site, container }: SiteView): Evidence {
  if (container) {
    const resource = `${site.id}/sitecontainers/${container.name}`;
    return { property: 'properties.image', value: JSON.stringify(container.image), resource };
  }
  const property = fxVersionOf(site);
  return {
    property: `properties.${property}`,
    value: site.config.known ? JSON.stringify(site.config.value[property]) : 'not read',
    resource: `${site.id}/config/web`,
  };
}
