import type { SiteView } from '../pull-path/links.ts';
import type { Evidence } from './check.ts';

export const referenceEvidence = ({ site }: SiteView): Evidence => ({
  property: 'properties.linuxFxVersion',
  value: site.config.known ? JSON.stringify(site.config.value.linuxFxVersion) : 'not read',
  resource: `${site.id}/config/web`,
});
