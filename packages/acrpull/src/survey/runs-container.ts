import { isStack, parseFxVersion } from '../pull-path/image-reference.ts';
import { fxVersionOf } from '../pull-path/pulls.ts';
import { platformOf, type SiteResource } from '../pull-path/site-resource.ts';
import type { Snapshot } from '../pull-path/snapshot.ts';

/**
 * Whether an app runs a container of its own, as far as a list of many apps tells; undefined when only its
 * configuration can.
 *
 * Of `siteConfig`, a list leaves out what it likes, and says `acrUseManagedIdentityCreds: false` of what it has not
 * looked at: what is there counts, what is not says nothing. Sources: Azure/azure-powershell issues 4841 and 22784,
 * Azure/azure-rest-api-specs issue 12104 and the example AppServiceEnvironments_ListWebApps of Microsoft.Web
 */
export function runsContainer(site: SiteResource): boolean | undefined {
  const { linuxFxVersion } = site.properties.siteConfig ?? {};
  if (linuxFxVersion) return !isStack(parseFxVersion(linuxFxVersion));
  if (isKindOfContainer(site)) return true;
  if (platformOf(site) === 'linux') return undefined;
  return site.properties.hyperV === true || site.properties.isXenon === true;
}

/** Whether the configurations that were read say that the app runs no container, as undefined above left open. */
export function hasNoContainer({ sites }: Snapshot, listed: SiteResource): boolean {
  return sites.every((site) => {
    if (!site.config.known) return false;
    const image = site.config.value[fxVersionOf(site)];
    return isStack(parseFxVersion(image)) || (image === '' && !isKindOfContainer(listed));
  });
}

const isKindOfContainer = ({ kind }: SiteResource) => /container/i.test(kind ?? '');
