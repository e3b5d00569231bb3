import { instanceIdOf, type SiteState } from '../../app-service/site.ts';
import { resourceNotFound } from '../../resource-manager/azure-error.ts';
import { parseResourceId } from '../../resource-manager/resource-id.ts';
import type { SiteRecord } from './model.ts';
import { scmHostName, siteNameOf } from './site-names.ts';
import { presentDocument, type SiteOperation } from './site-operations.ts';
import type { WebContext } from './sites.ts';

/**
 * What is known of a site's container here. Nowhere else: the site's own `state` says whether it may run, and stays
 * `Running` with `availabilityState` `Normal` while every request fails, as on Azure.
 * Source of the names: azure-rest-api-specs specification/web, WebApps.json, "SiteRuntimeState"
 */
const runtimeStates: Record<SiteState, 'READY' | 'STOPPED' | 'UNKNOWN'> = {
  running: 'READY',
  updating: 'READY',
  starting: 'UNKNOWN',
  failed: 'STOPPED',
  blocked: 'STOPPED',
  idle: 'STOPPED',
  stopped: 'STOPPED',
};

/** `instances`: the one worker that a site has, unless it is stopped or unloaded. */
export function instanceOperations({ appService }: WebContext): SiteOperation[] {
  function instancesOf(site: SiteRecord) {
    const state = appService.state(site.id);
    if (state === 'stopped' || state === 'idle') return [];
    const consoleUrl = `https://${scmHostName(siteNameOf(site.id))}/DebugConsole`;
    const properties = { state: runtimeStates[state], consoleUrl, containers: {} };
    return [presentDocument(site, `instances/${instanceIdOf(site.id)}`, properties)];
  }

  return [
    {
      method: 'GET',
      path: '/instances',
      action: 'instances/Read',
      handle: (site) => ({ status: 200, body: { value: instancesOf(site), nextLink: null } }),
    },
    {
      method: 'GET',
      path: '/instances/{instanceId}',
      action: 'instances/Read',
      handle: (site, { params }) => {
        const name = params.instanceId!;
        const instance = instancesOf(site).find((one) => one.name === name.toLowerCase());
        if (instance) return { status: 200, body: instance };
        throw resourceNotFound(`${site.type}/instances`, name, parseResourceId(site.id)!.resourceGroupName!);
      },
    },
  ];
}
