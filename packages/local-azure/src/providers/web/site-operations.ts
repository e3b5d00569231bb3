import { z } from 'zod';
import type { ArmRequest, ArmResponse, Route } from '../../resource-manager/route.ts';
import { parseBody } from '../../resource-manager/tracked-resource.ts';
import { invalidParameter } from './errors.ts';
import { regionName, type SiteBody, type SiteRecord, siteDefaults, siteType, slotType } from './model.ts';
import { hostName, siteNameOf } from './site-names.ts';
import type { WebContext } from './sites.ts';

/** One operation on an app or a slot that exists: a row of the table that both kinds of routes are made from. */
export interface SiteOperation {
  method: Route['method'];
  /** Below the site, such as `/config/web`. */
  path: string;
  /** Below `Microsoft.Web/sites` or `Microsoft.Web/sites/slots`, such as `config/read`. */
  action: string;
  /** Apps have it, slots do not. */
  appOnly?: true;
  /** `slots/production` is the app. */
  namesProduction?: true;
  linkedActions?: NonNullable<Route['linkedActions']>;
  handle(site: SiteRecord, request: ArmRequest): ArmResponse | Promise<ArmResponse>;
}

/** A document of a site in Resource Manager's form. Its `name` is the last part of its path, unless Azure differs. */
export function presentDocument(
  site: SiteRecord,
  path: string,
  properties: unknown,
  name = path.split('/').at(-1),
) {
  const [collection] = path.split('/');
  const type = siteNameOf(site.id).slot === undefined ? siteType : slotType;
  return {
    id: `${site.id}/${path}`,
    name,
    type: `${type}/${collection}`,
    location: regionName(site.body.location),
    properties,
  };
}

/** Reads `properties` of a request body by a schema. */
export const readProperties = <T>(schema: z.ZodType<T>, body: unknown): T =>
  parseBody(z.object({ properties: schema }), Object.assign({ properties: {} }, body)).properties;

/** `restart`, `start` and `stop`; and what is read of a running site. */
export function siteActions({ resources, appService }: WebContext): SiteOperation[] {
  const setEnabled = (site: SiteRecord, enabled: boolean) => {
    const properties = { ...siteDefaults, ...site.body.properties, enabled };
    resources.put<SiteBody>(site.id, site.type, { ...site.body, properties });
  };
  const list = (value: unknown[]): ArmResponse => ({ status: 200, body: { value, nextLink: null } });

  return [
    {
      method: 'POST',
      path: '/restart',
      action: 'restart/Action',
      // Source: azure-rest-api-specs specification/web, WebApps.json, "WebApps_Restart"
      handle: async ({ id }, { query }) => {
        const [soft, synchronous] = [readFlag(query, 'softRestart'), readFlag(query, 'synchronous')];
        const restarted = appService.restart(id, { soft });
        if (synchronous) await restarted;
        return { status: 200 };
      },
    },
    {
      method: 'POST',
      path: '/start',
      action: 'start/Action',
      handle: (site) => {
        setEnabled(site, true);
        appService.restart(site.id);
        return { status: 200 };
      },
    },
    {
      method: 'POST',
      path: '/stop',
      action: 'stop/Action',
      handle: (site) => {
        setEnabled(site, false);
        appService.stop(site.id);
        return { status: 200 };
      },
    },
    {
      method: 'GET',
      path: '/hostNameBindings',
      action: 'hostNameBindings/Read',
      handle: (site) => {
        const name = siteNameOf(site.id);
        const host = hostName(name);
        const binding = { siteName: name.app, domainId: null, hostNameType: 'Verified', sslState: null };
        return list([presentDocument(site, `hostNameBindings/${host}`, binding, `${name.app}/${host}`)]);
      },
    },
    // Nothing is ever deployed into a site that runs a container: images come from a registry.
    { method: 'GET', path: '/deployments', action: 'deployments/Read', handle: () => list([]) },
    { method: 'GET', path: '/usages', action: 'usages/Read', handle: () => list([]) },
    // A site of one container has no list of them.
    { method: 'GET', path: '/sitecontainers', action: 'sitecontainers/Read', handle: () => list([]) },
    {
      method: 'POST',
      path: '/containerlogs',
      action: 'containerlogs/Action',
      handle: ({ id }) => {
        const text = appService.containerLog(id);
        return text === ''
          ? { status: 204 }
          : { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: text };
      },
    },
    {
      method: 'POST',
      path: '/containerlogs/zip/download',
      action: 'containerlogs/download/Action',
      handle: ({ id }) => {
        const zip = appService.containerLogZip(id);
        return zip
          ? { status: 200, headers: { 'content-type': 'application/zip' }, body: zip }
          : { status: 204 };
      },
    },
  ];
}

function readFlag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name)?.toLowerCase() ?? 'false';
  if (value !== 'true' && value !== 'false') throw invalidParameter(name);
  return value === 'true';
}
