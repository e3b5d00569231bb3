import { type SiteView, siteName } from '../pull-path/links.ts';
import type { Evidence } from './check.ts';

/** The name of another site of the same app that has the flag, for telling A1 (nobody) from A2 (not this one). */
export function siteWithFlag({ snapshot, site }: SiteView): string | undefined {
  const other = snapshot.sites.find(
    (it) => it.id !== site.id && it.config.known && it.config.value.acrUseManagedIdentityCreds,
  );
  return other && siteName({ snapshot, site: other });
}

export const flagEvidence = ({ site }: SiteView): Evidence => ({
  property: 'properties.acrUseManagedIdentityCreds',
  value: 'false',
  resource: `${site.id}/config/web`,
});
