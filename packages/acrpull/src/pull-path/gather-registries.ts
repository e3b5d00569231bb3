import { splitId } from '../azure/resource-id.ts';
import { apiVersions, type ResourceManager } from '../azure/resource-manager.ts';
import { type GrantReader, readDenyAssignments, readPermissions } from './gather-grants.ts';
import { once } from './once.ts';
import { readFact } from './read-fact.ts';
import {
  type Fact,
  type Grant,
  known,
  mapFact,
  notRead,
  type RegistryFacts,
  type RegistryNetworkFacts,
  unknown,
} from './snapshot.ts';

interface RegistryResource {
  id: string;
  name: string;
  sku: { name: string };
  properties: {
    loginServer: string;
    adminUserEnabled?: boolean;
    roleAssignmentMode?: string;
    policies?: {
      azureADAuthenticationAsArmPolicy?: { status?: string };
      quarantinePolicy?: { status?: string };
    };
    provisioningState?: string;
    encryption?: { status?: string } | null;
    publicNetworkAccess?: string;
    /** Only of Premium registries: others let everybody in. */
    networkRuleSet?: { defaultAction?: string; ipRules?: { value: string }[] | null } | null;
    networkRuleBypassOptions?: string;
    dataEndpointEnabled?: boolean;
    dataEndpointHostNames?: string[];
    privateEndpointConnections?: {
      name?: string;
      properties?: { privateLinkServiceConnectionState?: { status?: string } };
    }[];
  };
}

/** A registry, with what is granted at it: from this its orphans are found, where anybody asks. */
export interface FoundRegistry {
  registry: RegistryFacts;
  granted: Fact<Grant[]>;
}

export interface RegistryReader {
  /** Its id alone, as soon as it is known. */
  idOf(host: string): Promise<Fact<string>>;
  byLoginServer(host: string): Promise<Fact<FoundRegistry>>;
  /** Of all registries that the reader sees in the subscription. */
  loginServers(): Promise<Fact<string[]>>;
}

export function registryReader(
  arm: ResourceManager,
  grants: GrantReader,
  subscriptionId: string,
): RegistryReader {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.ContainerRegistry/registries`;
  const visible = readFact(path, () => arm.list<RegistryResource>(path, apiVersions.containerRegistry));
  // Awaited when somebody asks; until then a failure must not count as unhandled.
  visible.catch(() => {});
  const tenantOf = once((id: string) => readTenant(arm, id));

  async function complete({ id, name, sku, properties }: RegistryResource): Promise<FoundRegistry> {
    const [tenantId, callerPermissions, denyAssignments, granted] = await Promise.all([
      tenantOf(splitId(id).subscriptionId),
      readPermissions(arm, id),
      readDenyAssignments(arm, id),
      grants.atScope(id),
    ]);
    const { adminUserEnabled, roleAssignmentMode, policies } = properties;
    const registry: RegistryFacts = {
      id,
      name,
      loginServer: properties.loginServer.toLowerCase(),
      sku: sku.name,
      adminUserEnabled: adminUserEnabled === true,
      ...(roleAssignmentMode && { roleAssignmentMode }),
      azureADAuthenticationAsArmPolicy: policies?.azureADAuthenticationAsArmPolicy?.status ?? 'enabled',
      quarantinePolicy: policies?.quarantinePolicy?.status ?? 'disabled',
      provisioningState: properties.provisioningState ?? 'Succeeded',
      customerManagedKey: properties.encryption?.status === 'enabled',
      network: registryNetworkFacts(properties),
      tenantId,
      callerPermissions,
      denyAssignments,
      orphans: notRead('nobody asked: no grant is missing', id),
    };
    return { registry, granted };
  }

  const find = once(async (host: string): Promise<Fact<RegistryResource>> => {
    const all = await visible;
    const here = all.known && all.value.find((it) => it.properties.loginServer.toLowerCase() === host);
    if (here) return known(here);
    const id = await findAnywhere(arm, host);
    if (id.known && id.value) {
      const path = id.value;
      return readFact(path, () => arm.get<RegistryResource>(path, apiVersions.containerRegistry));
    }
    if (!all.known) return all;
    const message = `no registry that you can see has the login server ${host}`;
    return unknown({ kind: 'not-visible', message, resource: host });
  });

  async function byLoginServer(host: string): Promise<Fact<FoundRegistry>> {
    const found = await find(host);
    return found.known ? known(await complete(found.value)) : found;
  }

  return {
    idOf: async (host) => mapFact(await find(host), ({ id }) => id),
    byLoginServer: once(byLoginServer),
    loginServers: async () =>
      mapFact(await visible, (all) => all.map(({ properties }) => properties.loginServer.toLowerCase())),
  };
}

const registryNetworkFacts = (properties: RegistryResource['properties']): RegistryNetworkFacts => ({
  publicNetworkAccess: properties.publicNetworkAccess ?? 'Enabled',
  defaultAction: properties.networkRuleSet?.defaultAction ?? 'Allow',
  ipRules: (properties.networkRuleSet?.ipRules ?? []).map(({ value }) => value),
  networkRuleBypassOptions: properties.networkRuleBypassOptions ?? 'None',
  dataEndpointHostNames: properties.dataEndpointEnabled ? (properties.dataEndpointHostNames ?? []) : [],
  privateEndpointConnections: (properties.privateEndpointConnections ?? []).map((connection) => ({
    name: connection.name ?? '',
    status: connection.properties?.privateLinkServiceConnectionState?.status ?? '',
  })),
});

/** The id of a registry in whatever subscription the reader sees (cause B12): one query, whatever their number. */
async function findAnywhere(arm: ResourceManager, host: string): Promise<Fact<string | undefined>> {
  const path = '/providers/Microsoft.ResourceGraph/resources';
  const query = `resources | where type =~ 'microsoft.containerregistry/registries' and properties.loginServer =~ '${host}' | project id`;
  const answer = await readFact(path, () =>
    arm.send<{ data: { id: string }[] }>('POST', path, apiVersions.resourceGraph, { query }),
  );
  return mapFact(answer, ({ data }) => data[0]?.id);
}

async function readTenant(arm: ResourceManager, subscriptionId: string): Promise<Fact<string>> {
  const path = `/subscriptions/${subscriptionId}`;
  const subscription = await readFact(path, () =>
    arm.get<{ tenantId: string }>(path, apiVersions.subscriptions),
  );
  return mapFact(subscription, ({ tenantId }) => tenantId);
}
