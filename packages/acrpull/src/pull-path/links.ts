import { type ParsedReference, parseLinuxFxVersion } from './image-reference.ts';
import { type PullingPrincipal, pullingPrincipal } from './pulling-principal.ts';
import type { Fact, RegistryFacts, SiteFacts, Snapshot } from './snapshot.ts';

/** The links of the pull path, in the order in which a pull needs them. */
export const links = ['image', 'registry', 'identity', 'grant', 'flag', 'manifest'] as const;
export type Link = (typeof links)[number];

/** One site with what surrounds it: all that a check may look at. */
export interface SiteView {
  snapshot: Snapshot;
  site: SiteFacts;
  /** Undefined when the configuration could not be read. */
  image: ParsedReference | undefined;
  principal: PullingPrincipal;
  /** Undefined when the image names no registry. */
  registry: Fact<RegistryFacts> | undefined;
}

export function viewSite(snapshot: Snapshot, site: SiteFacts): SiteView {
  const config = site.config.known ? site.config.value : undefined;
  const image = config && parseLinuxFxVersion(config.linuxFxVersion);
  return {
    snapshot,
    site,
    image,
    principal: pullingPrincipal(site.identity, config),
    registry: image?.ok ? snapshot.registries[image.reference.host] : undefined,
  };
}

/** `hoge-app` for production, `hoge-app/staging` for a slot. */
export const siteName = ({ snapshot, site }: Pick<SiteView, 'snapshot' | 'site'>): string =>
  site.slot ? `${snapshot.app.name}/${site.slot}` : snapshot.app.name;

/** The options that name this site to `az webapp`. */
export const azSite = ({ snapshot, site }: Pick<SiteView, 'snapshot' | 'site'>): string =>
  `-g ${snapshot.app.resourceGroup} -n ${snapshot.app.name}${site.slot ? ` --slot ${site.slot}` : ''}`;
