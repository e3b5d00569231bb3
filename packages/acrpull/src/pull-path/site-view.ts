import { formatReference } from './image-reference.ts';
import { type Pull, pullsOf } from './pulls.ts';
import type {
  Fact,
  Grant,
  ManifestFacts,
  RegistryFacts,
  SiteFacts,
  Snapshot,
  WebhookFacts,
} from './snapshot.ts';

/** One pull of one site with what surrounds it: all that a check may look at. */
export interface SiteView extends Pull {
  snapshot: Snapshot;
  site: SiteFacts;
  /** Of the principal that pulls; undefined without one. */
  grants: Fact<Grant[]> | undefined;
  /** Undefined when the image names no Azure Container Registry. */
  registry: Fact<RegistryFacts> | undefined;
  /** Undefined as `registry` is. */
  manifest: Fact<ManifestFacts | null> | undefined;
  /** The same. */
  webhooks: Fact<WebhookFacts[]> | undefined;
}

/** A view for each pull of a site, the main one first. */
export function viewsOf(snapshot: Snapshot, site: SiteFacts): [SiteView, ...SiteView[]] {
  const [main, ...others] = pullsOf(site);
  const view = (pull: Pull): SiteView => {
    const { azureImage, principal } = pull;
    return {
      ...pull,
      snapshot,
      site,
      grants: principal.found ? snapshot.grants[principal.principalId] : undefined,
      registry: azureImage && snapshot.registries[azureImage.host],
      manifest: azureImage && snapshot.manifests[formatReference(azureImage)],
      webhooks: azureImage && snapshot.webhooks[formatReference(azureImage)],
    };
  };
  return [view(main), ...others.map(view)];
}

/** What a site is called by. */
export interface SiteNames {
  snapshot: { app: Pick<Snapshot['app'], 'name' | 'resourceGroup'> };
  site: Pick<SiteFacts, 'slot'>;
}

/** `hoge-app` for production, `hoge-app/staging` for a slot. */
export const siteName = ({ snapshot, site }: SiteNames): string =>
  site.slot ? `${snapshot.app.name}/${site.slot}` : snapshot.app.name;

/** The name of the image's registry: as it is there, or else as its host begins. */
export const registryName = ({
  registry,
  azureImage,
}: Pick<SiteView, 'azureImage'> & Partial<Pick<SiteView, 'registry'>>): string =>
  registry?.known ? registry.value.name : (azureImage?.host.split('.')[0] ?? '<registry>');

/** The resource id of the image's registry, where it is known. */
export const registryId = ({ registry }: Pick<SiteView, 'registry'>): string =>
  registry?.known ? registry.value.id : '<registry id>';

/** The options that name this site to `az webapp`. */
export const azSite = ({ snapshot, site }: SiteNames): string =>
  `-g ${snapshot.app.resourceGroup} -n ${snapshot.app.name}${site.slot ? ` --slot ${site.slot}` : ''}`;

/** The command that proves the pull of this site: a slot is proven without a restart of production. */
export const verifySite = ({ snapshot, site }: SiteNames): string =>
  `acrpull verify ${snapshot.app.name}${site.slot ? ` --slot ${site.slot}` : ''}`;
