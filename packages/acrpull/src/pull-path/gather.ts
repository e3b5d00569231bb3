import type { Azure } from '../azure/azure.ts';
import { readManifest } from '../azure/registry.ts';
import { splitId } from '../azure/resource-id.ts';
import { apiVersions, type ResourceManager } from '../azure/resource-manager.ts';
import { grantReader } from './gather-grants.ts';
import { listRegistries, readNamedRegistries } from './gather-registries.ts';
import { formatReference, type ImageReference, parseLinuxFxVersion } from './image-reference.ts';
import { once } from './once.ts';
import { pullingPrincipal } from './pulling-principal.ts';
import { readFact } from './read-fact.ts';
import { identityFacts, type SiteResource, scmHostName } from './site-resource.ts';
import {
  type ConfigFacts,
  type Fact,
  known,
  type ManifestFacts,
  mapFact,
  type SiteFacts,
  type Snapshot,
  unknown,
} from './snapshot.ts';

/**
 * Reads the whole pull path of one app: production and every slot. Independent reads run side by side; the longest
 * chain is site list, configuration and grants, roles and manifest.
 */
export async function gather(azure: Azure, appId: string): Promise<Snapshot> {
  const { subscriptionId, resourceGroup } = splitId(appId);
  const arm = azure.resourceManager;
  const production = arm.get<SiteResource>(appId, apiVersions.web);
  const slots = arm.list<SiteResource>(`${appId}/slots`, apiVersions.web);
  const visible = listRegistries(arm, subscriptionId);
  // Awaited below; until then a failure of one must not count as unhandled.
  for (const read of [slots, visible]) read.catch(() => {});

  const [site, ...slotSites] = [await production, ...(await slots)];
  slotSites.sort((a, b) => a.name.localeCompare(b.name));
  // Slots mostly name the same image, and their identities hold the same role.
  const readers: Readers = {
    image: once((image) => readImage(azure, image), formatReference),
    grants: grantReader(arm, subscriptionId),
  };
  const sites = await Promise.all([site, ...slotSites].map((resource) => readSite(arm, resource, readers)));
  return {
    schema: 'acrpull.snapshot/1',
    takenOn: new Date().toISOString(),
    app: { id: site.id, name: site.name, resourceGroup, subscriptionId },
    sites,
    registries: await readNamedRegistries(arm, await visible, sites.flatMap(registryHost)),
  };
}

interface Readers {
  image(reference: ImageReference): Promise<SiteFacts['manifest']>;
  grants(principalId: string): Promise<SiteFacts['grants']>;
}

async function readSite(arm: ResourceManager, resource: SiteResource, readers: Readers): Promise<SiteFacts> {
  const identity = identityFacts(resource);
  const credentials = readFact(`${resource.id}/config/appsettings`, () =>
    arm.send<{ properties: Record<string, string> }>(
      'POST',
      `${resource.id}/config/appsettings/list`,
      apiVersions.web,
    ),
  );
  const config = await readFact(`${resource.id}/config/web`, () =>
    arm.get<{ properties: Partial<ConfigFacts> }>(`${resource.id}/config/web`, apiVersions.web),
  );
  const configFacts = mapFact(config, ({ properties }) => ({
    linuxFxVersion: properties.linuxFxVersion ?? '',
    acrUseManagedIdentityCreds: properties.acrUseManagedIdentityCreds === true,
    acrUserManagedIdentityID: properties.acrUserManagedIdentityID || null,
  }));
  const principal = pullingPrincipal(identity, configFacts.known ? configFacts.value : undefined);
  const image = configFacts.known ? parseLinuxFxVersion(configFacts.value.linuxFxVersion) : undefined;
  const [grants, manifest, settings] = await Promise.all([
    principal.found ? readers.grants(principal.principalId) : notRead('no identity pulls', resource.id),
    image?.ok ? readers.image(image.reference) : notRead('no image is known', resource.id),
    credentials,
  ]);
  const slot = resource.id.split('/slots/')[1];
  return {
    id: resource.id,
    ...(slot && { slot }),
    state: resource.properties.state ?? 'Running',
    hostName: resource.properties.defaultHostName,
    scmHostName: scmHostName(resource),
    identity,
    config: configFacts,
    credentials: mapFact(settings, ({ properties }) => ({
      username: 'DOCKER_REGISTRY_SERVER_USERNAME' in properties,
      password: 'DOCKER_REGISTRY_SERVER_PASSWORD' in properties,
    })),
    grants,
    manifest,
  };
}

function registryHost({ config }: SiteFacts): string[] {
  const image = config.known ? parseLinuxFxVersion(config.value.linuxFxVersion) : undefined;
  return image?.ok ? [image.reference.host] : [];
}

async function readImage(azure: Azure, image: ImageReference): Promise<Fact<ManifestFacts | null>> {
  const url = `https://${image.host}/v2/${image.repository}/manifests/${image.digest ?? image.tag}`;
  if (!image.host.endsWith('.azurecr.io'))
    return notRead(`${image.host} is no Azure Container Registry`, url);
  const answer = await readFact(url, () => readManifest(azure.anonymous, azure.credential, image));
  if (!answer.known) return answer;
  switch (answer.value.kind) {
    case 'found':
      return known(answer.value.manifest);
    case 'absent':
      return known(null);
    case 'denied':
      return unknown({
        kind: 'denied',
        message: answer.value.message,
        resource: url,
        action: 'Microsoft.ContainerRegistry/registries/pull/read',
      });
  }
}

const notRead = (message: string, resource: string): Fact<never> =>
  unknown({ kind: 'not-read', message, resource });
