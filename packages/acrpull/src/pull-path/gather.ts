import type { Azure } from '../azure/azure.ts';
import { splitId } from '../azure/resource-id.ts';
import { apiVersions, type ResourceManager } from '../azure/resource-manager.ts';
import type { FoundRegistry } from './gather-registries.ts';
import { type Depth, leftOut, readSite } from './gather-site.ts';
import { formatReference, type ImageReference } from './image-reference.ts';
import { type Once, once } from './once.ts';
import { pullGrants } from './permissions.ts';
import { pullsOf } from './pulls.ts';
import { readFact } from './read-fact.ts';
import { createReadings, type Readings } from './readings.ts';
import { identityFacts, type SiteResource } from './site-resource.ts';
import {
  concatFacts,
  type Fact,
  type Grant,
  known,
  mapFact,
  type SiteFacts,
  type Snapshot,
} from './snapshot.ts';

/** What several apps are read with, side by side. */
export interface GatherOptions {
  /** What the app shares with others. */
  readings?: Readings;
  /** What a list of many apps has told of this one. */
  listed?: ListedApp;
  depth?: Depth;
}

/** An app as lists have it. */
export interface ListedApp {
  site: SiteResource;
  hasSlots: boolean;
}

/**
 * Reads the pull path of one app: production and every slot, in as few round trips as possible. Each read begins
 * as soon as what it needs is there, and nothing is read twice. The longest chain has four: the list of slots, a
 * slot's configuration, a registry's token, the manifest; beside it role assignments, roles, orphans.
 */
export async function gather(
  azure: Azure,
  appId: string,
  { readings = createReadings(azure), listed, depth = 'whole' }: GatherOptions = {},
): Promise<Snapshot> {
  const { subscriptionId, resourceGroup } = splitId(appId);
  const arm = azure.resourceManager;
  const shared = readings.inSubscription(subscriptionId);
  const read: AppReadings = {
    grants: once((principalId) => readings.grants(principalId, subscriptionId)),
    identities: once(readings.identity, (id) => id.toLowerCase()),
    registries: once(shared.registries.byLoginServer),
    manifests: once(readings.manifest, formatReference),
    webhooks: once(shared.webhooks, formatReference),
  };

  const readBeyond = (id: string, resource: Promise<SiteResource>) =>
    readSiteAndBeyond(read, resource, readSite(arm, id, resource, readings.config(id), depth));
  const production = readBeyond(
    appId,
    listed ? Promise.resolve(listed.site) : arm.get<SiteResource>(appId, apiVersions.web),
  );
  const slotSettingNames =
    depth === 'config' || listed?.hasSlots === false
      ? Promise.resolve(leftOut(`${appId}/config/slotConfigNames`))
      : readSlotSettingNames(arm, appId);
  // Awaited below; until then a failure of one must not count as unhandled.
  for (const early of [production, slotSettingNames]) early.catch(() => {});
  const slots =
    listed?.hasSlots === false ? [] : await arm.list<SiteResource>(`${appId}/slots`, apiVersions.web);
  slots.sort((a, b) => a.name.localeCompare(b.name));
  const sites = await Promise.all([
    production,
    ...slots.map((slot) => readBeyond(slot.id, Promise.resolve(slot))),
  ]);

  const readingGrants = readGrants(read, readings, subscriptionId);
  const [grants, registryFacts, loginServers, manifests, webhooks, userAssignedIdentities, names] =
    await Promise.all([
      readingGrants,
      readRegistries(read, readings, sites, readingGrants),
      shared.registries.loginServers(),
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

/** What the sites of this app have asked for so far. */
interface AppReadings {
  grants: Once<string, Fact<Grant[]>>;
  identities: Once<string, Snapshot['userAssignedIdentities'][string]>;
  registries: Once<string, Fact<FoundRegistry>>;
  manifests: Once<ImageReference, Snapshot['manifests'][string]>;
  webhooks: Once<ImageReference, Snapshot['webhooks'][string]>;
}

/** While a site is read, begins to read what its identities and images point at. */
async function readSiteAndBeyond(
  read: AppReadings,
  resource: Promise<SiteResource>,
  reading: Promise<SiteFacts>,
): Promise<SiteFacts> {
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

async function readSlotSettingNames(arm: ResourceManager, appId: string): Promise<Fact<string[]>> {
  const path = `${appId}/config/slotConfigNames`;
  const names = await readFact(path, () =>
    arm.get<{ properties: { appSettingNames?: string[] | null } }>(path, apiVersions.web),
  );
  return mapFact(names, ({ properties }) => properties.appSettingNames ?? []);
}

/** Role assignments are listed by subscription: a registry in another one has its own (cause B12). */
async function readGrants(
  read: AppReadings,
  readings: Readings,
  subscriptionId: string,
): Promise<Snapshot['grants']> {
  const found = Object.values(await read.registries.all());
  const subscriptions = new Set(
    found.flatMap((fact) => (fact.known ? [splitId(fact.value.registry.id).subscriptionId] : [])),
  );
  subscriptions.delete(subscriptionId);
  const complete = Object.entries(await read.grants.all()).map(async ([principalId, own]) => {
    const others = [...subscriptions].map((other) => readings.grants(principalId, other));
    return [principalId, concatFacts([own, ...(await Promise.all(others))])] as const;
  });
  return Object.fromEntries(await Promise.all(complete));
}

/** The registries; of those at which a grant is missing, the orphans too. */
async function readRegistries(
  read: AppReadings,
  readings: Readings,
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
    return [host, known({ ...registry, orphans: await readings.orphans(found.value) })] as const;
  });
  return Object.fromEntries(await Promise.all(complete));
}
