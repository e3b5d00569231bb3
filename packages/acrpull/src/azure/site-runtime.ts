import { Failure } from '../failure.ts';
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

/**
 * What App Service tells of the site's runtime, such as `Blocked, last error ImagePullFailure at …: …`; of several
 * instances it is one with an error. Undefined where it tells nothing: the call is in no specification yet.
 *
 * Source: Azure/azure-cli appservice/custom.py, "az webapp troubleshoot"; Azure/AppService _posts/2026-06-01-sitestatus.md
 */
export async function readRuntimeStatus(arm: ResourceManager, { id }: SiteId): Promise<string | undefined> {
  interface RuntimeStatus {
    state?: string;
    lastError?: string;
    lastErrorDetails?: string;
    lastErrorTimestamp?: string;
  }
  try {
    const { properties } = await arm.get<{ properties?: RuntimeStatus[] | RuntimeStatus }>(
      `${id}/siteStatus`,
      apiVersions.siteStatus,
    );
    const statuses = [properties ?? []].flat();
    const { state, lastError, lastErrorDetails, lastErrorTimestamp } =
      statuses.find((status) => status.lastError) ?? statuses[0] ?? {};
    if (!state || !lastError) return state;
    return `${state}, last error ${lastError} at ${lastErrorTimestamp}: ${lastErrorDetails}`;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
