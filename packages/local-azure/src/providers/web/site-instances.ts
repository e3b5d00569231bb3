import { instanceIdOf, type SiteState } from '../../app-service/site.ts';
import { resourceNotFound } from '../../resource-manager/azure-error.ts';
import { parseResourceId } from '../../resource-manager/resource-id.ts';
import type { SiteRecord } from './model.ts';
import { scmHostName, siteNameOf } from './site-names.ts';
import { presentDocument, type SiteOperation } from './site-operations.ts';
import type { WebContext } from './sites.ts';

/**
 * What is known of a site's container, here and in the site status. Nowhere else: the site's own `state` says whether
 * it may run, and stays `Running` with `availabilityState` `Normal` while every request fails, as on Azure.
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

/** Source: Azure/AppService _posts/2026-06-01-sitestatus.md, "Site Status values" */
const siteStatuses: Record<SiteState, string> = {
  running: 'Started',
  updating: 'Updating',
  starting: 'Starting',
  failed: 'Stopped',
  blocked: 'Blocked',
  idle: 'Stopped',
  stopped: 'Stopped',
};

/** `instances`: the one worker that a site has, unless it is stopped or unloaded; and `siteStatus` of that worker. */
export function instanceOperations({ appService }: WebContext): SiteOperation[] {
  function instancesOf(site: SiteRecord) {
    const state = appService.state(site.id);
    if (state === 'stopped' || state === 'idle') return [];
    const consoleUrl = `https://${scmHostName(siteNameOf(site.id))}/DebugConsole`;
    const properties = { state: runtimeStates[state], consoleUrl, containers: {} };
    return [presentDocument(site, `instances/${instanceIdOf(site.id)}`, properties)];
  }

  /** Source: azure-cli 2.91 appservice custom.py, "troubleshoot_status"; no specification has it. */
  function statusOf({ id }: SiteRecord) {
    const error = appService.lastError(id);
    return {
      instanceId: instanceIdOf(id),
      state: siteStatuses[appService.state(id)],
      details: null,
      lastError: error?.name ?? null,
      lastErrorDetails: error?.details ?? null,
      lastErrorTimestamp: error ? new Date(error.on).toISOString() : null,
    };
  }

  const absent = (site: SiteRecord, kind: string, name: string) =>
    resourceNotFound(`${site.type}/${kind}`, name, parseResourceId(site.id)!.resourceGroupName!);

  return [
    {
      method: 'GET',
      path: '/siteStatus',
      action: 'siteStatus/Read',
      handle: (site) => ({ status: 200, body: presentDocument(site, 'siteStatus', [statusOf(site)]) }),
    },
    {
      method: 'GET',
      path: '/siteStatus/{instanceId}',
      action: 'siteStatus/Read',
      handle: (site, { params }) => {
        const name = params.instanceId!;
        if (name.toLowerCase() !== instanceIdOf(site.id)) throw absent(site, 'siteStatus', name);
        return { status: 200, body: presentDocument(site, `siteStatus/${name}`, statusOf(site)) };
      },
    },
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
        throw absent(site, 'instances', name);
      },
    },
  ];
}
