import type { Azure } from '../azure/azure.ts';
import { readManifest, refreshToken, registryCredential } from '../azure/registry.ts';
import { splitId } from '../azure/resource-id.ts';
import { grantReader } from './gather-grants.ts';
import { listUserAssignedIdentities, readUserAssignedIdentity } from './gather-identities.ts';
import { readOrphans } from './gather-orphans.ts';
import { type FoundRegistry, type RegistryReader, registryReader } from './gather-registries.ts';
import { readConfig } from './gather-site.ts';
import { type WebhookReader, webhookReader } from './gather-webhooks.ts';
import { formatReference, type ImageReference } from './image-reference.ts';
import { once } from './once.ts';
import { readFact } from './read-fact.ts';
import {
  type ConfigFacts,
  type Fact,
  type Grant,
  known,
  type ManifestFacts,
  type Snapshot,
  unknown,
} from './snapshot.ts';

/**
 * Reads what sites and apps share, each thing once: they mostly name the same image, and their identities hold the
 * same roles.
 */
export interface Readings {
  /** Of a site, by its id: shared by its two readings of different depth. */
  config(siteId: string): Promise<Fact<ConfigFacts>>;
  /** What a principal may do in a subscription, at whatever scope. */
  grants(principalId: string, subscriptionId: string): Promise<Fact<Grant[]>>;
  identity(id: string): Promise<Snapshot['userAssignedIdentities'][string]>;
  /** What the images of an app of this subscription may come from. */
  inSubscription(subscriptionId: string): { registries: RegistryReader; webhooks: WebhookReader };
  orphans(found: FoundRegistry): Promise<Fact<Grant[]>>;
  manifest(image: ImageReference): Promise<Snapshot['manifests'][string]>;
}

/** Readings, and the same out of lists of a whole subscription, where such a list tells enough. */
export interface ManyReadings extends Readings {
  fromLists: Readings;
}

export function createReadings(azure: Azure): ManyReadings {
  const arm = azure.resourceManager;
  const grants = grantReader(arm);
  const identities = once((subscriptionId: string) => listUserAssignedIdentities(arm, subscriptionId));
  const subscriptions = new Map<string, ReturnType<Readings['inSubscription']>>();
  const grantsOf = once(
    (of: { principalId: string; subscriptionId: string }) =>
      grants.ofPrincipal(of.principalId, of.subscriptionId),
    ({ principalId, subscriptionId }) => `${subscriptionId} ${principalId}`,
  );
  const readings: Readings = {
    config: once((siteId: string) => readConfig(arm, siteId)),
    grants: (principalId, subscriptionId) => grantsOf({ principalId, subscriptionId }),
    identity: once(
      (id: string) => readUserAssignedIdentity(arm, id),
      (id) => id.toLowerCase(),
    ),
    inSubscription(subscriptionId) {
      let shared = subscriptions.get(subscriptionId);
      if (!shared) {
        const registries = registryReader(arm, grants, subscriptionId);
        shared = { registries, webhooks: once(webhookReader(arm, registries.idOf), formatReference) };
        subscriptions.set(subscriptionId, shared);
      }
      return shared;
    },
    orphans: once(
      (found: FoundRegistry) => readOrphans(azure.graph, found),
      ({ registry }) => registry.id,
    ),
    manifest: once(imageReader(azure), formatReference),
  };
  const fromLists: Readings = {
    ...readings,
    // A list that may not be read is no reason not to ask for the one thing.
    async grants(principalId, subscriptionId) {
      const listed = await grants.listed(principalId, subscriptionId);
      return listed.known ? listed : readings.grants(principalId, subscriptionId);
    },
    async identity(id) {
      const listed = await identities(splitId(id).subscriptionId);
      const found = listed.known ? listed.value.get(id.toLowerCase()) : undefined;
      return found ? known(found) : readings.identity(id);
    },
  };
  return { ...readings, fromLists };
}

function imageReader({ anonymous, credential }: Azure) {
  const caller = registryCredential(credential);
  const sessions = once((host: string) => refreshToken(anonymous, caller, host));
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
