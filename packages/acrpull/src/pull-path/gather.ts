import type { Azure } from '../azure/azure.ts';
import { readManifest, refreshToken } from '../azure/registry.ts';
import { splitId } from '../azure/resource-id.ts';
import { apiVersions } from '../azure/resource-manager.ts';
import { type GrantReader, grantReader } from './gather-grants.ts';
import { readUserAssignedIdentity } from './gather-identities.ts';
import { readOrphans } from './gather-orphans.ts';
import { type FoundRegistry, registryReader } from './gather-registries.ts';
import { readSite } from './gather-site.ts';
import { webhookReader } from './gather-webhooks.ts';
import { formatReference, type ImageReference } from './image-reference.ts';
import { type Once, once } from './once.ts';
import { pullGrants } from './permissions.ts';
import { pullsOf } from './pulls.ts';
import { readFact } from './read-fact.ts';
import { identityFacts, type SiteResource } from './site-resource.ts';
import {
  type Fact,
  type Grant,
  known,
  type ManifestFacts,
  mapFact,
  type SiteFacts,
  type Snapshot,
  unknown,
} from './snapshot.ts';

/**
 * Reads the whole pull path of one app: production and every slot, in as few round trips as possible. Each read begins
 * as soon as what it needs is there, and nothing is read twice. The longest chain has four: the list of slots, a
 * slot's configuration, a registry's token, the manifest; beside it role assignments, roles, orphans.
 */
export async function gather(azure: Azure, appId: string): Promise<Snapshot> {
  const { subscriptionId, resourceGroup } = splitId(appId);
  const arm = azure.resourceManager;
  const grantsOf = grantReader(arm);
  const registries = registryReader(arm, grantsOf, subscriptionId);
  const read: Readings = {
    grants: once((principalId) => grantsOf.ofPrincipal(principalId, subscriptionId)),
    identities: once(
      (id) => readUserAssignedIdentity(arm, id),
      (id) => id.toLowerCase(),
    ),
    registries: once(registries.byLoginServer),
    manifests: once(imageReader(azure), formatReference),
    webhooks: once(webhookReader(arm, registries.idOf), formatReference),
  };

  const production = readSiteAndBeyond(azure, read, appId, arm.get<SiteResource>(appId, apiVersions.web));
  const slotSettingNames = readSlotSettingNames(azure, appId);
  // Awaited below; until then a failure of one must not count as unhandled.
  for (const early of [production, slotSettingNames]) early.catch(() => {});
  const slots = await arm.list<SiteResource>(`${appId}/slots`, apiVersions.web);
  slots.sort((a, b) => a.name.localeCompare(b.name));
  const sites = await Promise.all([
    production,
    ...slots.map((slot) => readSiteAndBeyond(azure, read, slot.id, Promise.resolve(slot))),
  ]);

  const readingGrants = readGrants(read, grantsOf, subscriptionId);
  const [grants, registryFacts, loginServers, manifests, webhooks, userAssignedIdentities, names] =
    await Promise.all([
      readingGrants,
      readRegistries(azure, read, sites, readingGrants),
      registries.loginServers(),
      read.manifests.all(),
      read.webhooks.all(),
      read.identities.all(),
      slotSettingNames,
    ]);
  const { id } = sites[0]!;
  return {
    schema: 'acrpull.snapshot/1',
    takenOn: new Date(azure.now()).toISOString(),
    app: { id, name: splitId(id).name, resourceGroup, subscriptionId },
    slotSettingNames: names,
    sites,
    registries: registryFacts,
    loginServers,
    manifests,
    webhooks,
    grants,
    userAssignedIdentities,
  };
}

/** What sites share: slots mostly name the same image, and their identities hold the same roles. */
interface Readings {
  grants: Once<string, Fact<Grant[]>>;
  identities: Once<string, Snapshot['userAssignedIdentities'][string]>;
  registries: Once<string, Fact<FoundRegistry>>;
  manifests: Once<ImageReference, Snapshot['manifests'][string]>;
  webhooks: Once<ImageReference, Snapshot['webhooks'][string]>;
}

/** Reads a site, and begins to read what its identities and images point at. */
async function readSiteAndBeyond(
  { resourceManager }: Azure,
  read: Readings,
  id: string,
  resource: Promise<SiteResource>,
): Promise<SiteFacts> {
  const reading = readSite(resourceManager, id, resource);
  reading.catch(() => {});
  const { systemAssigned, userAssigned } = identityFacts(await resource);
  if (systemAssigned) read.grants(systemAssigned.principalId);
  for (const identity of userAssigned) {
    if (identity.principalId) read.grants(identity.principalId);
    read.identities(identity.id);
  }
  const site = await reading;
  for (const { azureImage } of pullsOf(site)) {
    if (!azureImage) continue;
    read.registries(azureImage.host);
    read.manifests(azureImage);
    read.webhooks(azureImage);
  }
  return site;
}

async function readSlotSettingNames({ resourceManager }: Azure, appId: string): Promise<Fact<string[]>> {
  const path = `${appId}/config/slotConfigNames`;
  const names = await readFact(path, () =>
    resourceManager.get<{ properties: { appSettingNames?: string[] | null } }>(path, apiVersions.web),
  );
  return mapFact(names, ({ properties }) => properties.appSettingNames ?? []);
}

/** Role assignments are listed by subscription: a registry in another one has its own (cause B12). */
async function readGrants(
  read: Readings,
  grantsOf: GrantReader,
  subscriptionId: string,
): Promise<Snapshot['grants']> {
  const found = Object.values(await read.registries.all());
  const subscriptions = new Set(
    found.flatMap((fact) => (fact.known ? [splitId(fact.value.registry.id).subscriptionId] : [])),
  );
  subscriptions.delete(subscriptionId);
  const complete = Object.entries(await read.grants.all()).map(async ([principalId, own]) => {
    const others = [...subscriptions].map((other) => grantsOf.ofPrincipal(principalId, other));
    return [principalId, concat([own, ...(await Promise.all(others))])] as const;
  });
  return Object.fromEntries(await Promise.all(complete));
}

/** All of them; unknown when one is. */
function concat<T>(facts: Fact<T[]>[]): Fact<T[]> {
  const missing = facts.find((fact) => !fact.known);
  return missing ?? known(facts.flatMap((fact) => (fact.known ? fact.value : [])));
}

/** The registries; of those at which a grant is missing, the orphans too. */
async function readRegistries(
  azure: Azure,
  read: Readings,
  sites: SiteFacts[],
  readingGrants: Promise<Snapshot['grants']>,
): Promise<Snapshot['registries']> {
  const grants = await readingGrants;
  const pulls = sites.flatMap(pullsOf);
  const complete = Object.entries(await read.registries.all()).map(async ([host, found]) => {
    if (!found.known) return [host, found] as const;
    const { registry } = found.value;
    const isRefused = pulls.some(({ azureImage, principal }) => {
      if (azureImage?.host !== host || !principal.found) return false;
      const held = grants[principal.principalId];
      return held?.known === true && pullGrants(held.value, registry, azureImage.repository).length === 0;
    });
    if (!isRefused) return [host, known(registry)] as const;
    return [host, known({ ...registry, orphans: await readOrphans(azure.graph, found.value) })] as const;
  });
  return Object.fromEntries(await Promise.all(complete));
}

function imageReader({ anonymous, credential }: Azure) {
  const sessions = once((host: string) => refreshToken(anonymous, credential, host));
  return async (image: ImageReference): Promise<Fact<ManifestFacts | null>> => {
    const url = `https://${image.host}/v2/${image.repository}/manifests/${image.digest ?? image.tag}`;
    const answer = await readFact(url, async () =>
      readManifest(anonymous, await sessions(image.host), image),
    );
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
  };
}
