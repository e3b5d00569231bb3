import type { SiteFacts } from '../pull-path/snapshot.ts';
import { apiVersions, type ResourceManager } from './resource-manager.ts';

type SiteId = Pick<SiteFacts, 'id'>;

/** A worker that runs the site. Its log is named after its machine, where Azure tells that. */
export interface Instance {
  name: string;
  machineName: string | undefined;
}

/** `machineName` is in no specification. Source: Azure/azure-cli appservice/custom.py, _map_arm_instance_ids */
export async function listInstances(arm: ResourceManager, { id }: SiteId): Promise<Instance[]> {
  const instances = await arm.list<{ name: string; properties?: { machineName?: string } }>(
    `${id}/instances`,
    apiVersions.web,
  );
  return instances.map(({ name, properties }) => ({ name, machineName: properties?.machineName }));
}

/** Why the site runs nothing, as far as its own properties say; undefined when they say that it may run. */
export async function readStandstill(
  arm: ResourceManager,
  { id }: SiteId,
): Promise<'stopped' | 'quota-exceeded' | undefined> {
  const { properties } = await arm.get<{ properties: { state?: string; usageState?: string } }>(
    id,
    apiVersions.web,
  );
  if (properties.usageState === 'Exceeded') return 'quota-exceeded';
  return properties.state === 'Stopped' ? 'stopped' : undefined;
}
