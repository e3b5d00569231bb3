import { apiVersions, type ResourceManager } from '../azure/resource-manager.ts';
import { readFact } from './read-fact.ts';
import { type Fact, known, type RegistryFacts, unknown } from './snapshot.ts';

interface RegistryResource {
  id: string;
  name: string;
  sku: { name: string };
  properties: { loginServer: string; adminUserEnabled?: boolean; roleAssignmentMode?: string };
}

/** The registries of the subscription that the reader can see. */
export function listRegistries(
  arm: ResourceManager,
  subscriptionId: string,
): Promise<Fact<RegistryResource[]>> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.ContainerRegistry/registries`;
  return readFact(path, () => arm.list<RegistryResource>(path, apiVersions.containerRegistry));
}

/** By login server: the registries that images name, each with what the reader may do there. */
export async function readNamedRegistries(
  arm: ResourceManager,
  visible: Fact<RegistryResource[]>,
  hosts: string[],
): Promise<Record<string, Fact<RegistryFacts>>> {
  const read = async (host: string): Promise<Fact<RegistryFacts>> => {
    if (!visible.known) return visible;
    const registry = visible.value.find((it) => it.properties.loginServer.toLowerCase() === host);
    if (registry) return known(await registryFacts(arm, registry));
    const message = `no registry that you can see in this subscription has the login server ${host}`;
    return unknown({ kind: 'not-visible', message, resource: host });
  };
  const distinct = [...new Set(hosts)];
  return Object.fromEntries(
    await Promise.all(distinct.map(async (host) => [host, await read(host)] as const)),
  );
}

async function registryFacts(arm: ResourceManager, registry: RegistryResource): Promise<RegistryFacts> {
  const { id, name, sku, properties } = registry;
  return {
    id,
    name,
    loginServer: properties.loginServer.toLowerCase(),
    sku: sku.name,
    adminUserEnabled: properties.adminUserEnabled === true,
    ...(properties.roleAssignmentMode && { roleAssignmentMode: properties.roleAssignmentMode }),
    callerPermissions: await readPermissions(arm, id),
  };
}

function readPermissions(
  arm: ResourceManager,
  registryId: string,
): Promise<RegistryFacts['callerPermissions']> {
  const path = `${registryId}/providers/Microsoft.Authorization/permissions`;
  return readFact(path, async () => {
    const permissions = await arm.list<{ actions: string[]; notActions: string[] }>(
      path,
      apiVersions.permissions,
    );
    return permissions.map(({ actions, notActions }) => ({ actions, notActions }));
  });
}
