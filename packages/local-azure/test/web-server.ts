import { Readable } from 'node:stream';
import { expect } from 'vitest';
import type { SiteState, SlotSwap } from '../src/app-service/site.ts';
import { webRoutes } from '../src/providers/web/routes.ts';
import { createSiteDirectory } from '../src/providers/web/site-directory.ts';
import type { Route } from '../src/resource-manager/route.ts';
import { root, startArmServer } from './arm-server.ts';

export const group = `${root}/resourceGroups/blog`;
export const web = `${group}/providers/Microsoft.Web`;
export const plan = (name: string) => `${web}/serverfarms/${name}`;
export const app = (name: string) => `${web}/sites/${name}`;
export const slot = (name: string, of = 'staging') => `${app(name)}/slots/${of}`;
export const image = 'DOCKER|hoge.azurecr.io/app:0.1.0';

/** A site on one of the plans, as a body for PUT. */
export const siteBody = (siteConfig: object = {}, more: object = {}, of = 'plan') => ({
  location: 'Japan East',
  properties: { serverFarmId: plan(of), siteConfig: { linuxFxVersion: image, ...siteConfig } },
  ...more,
});

export type WebServer = Awaited<ReturnType<typeof startWebServer>>;

/** Resource Manager with `Microsoft.Web` and three plans, `plan`, `basic` and `free`; App Service only takes notes. */
export async function startWebServer() {
  /** What App Service was asked to do, such as `restart hoge-app`. */
  const asked: string[] = [];
  const note = (what: string) => (id: string) => {
    asked.push(`${what} ${id.slice(`${web}/sites/`.length)}`);
  };
  const appService = {
    restart: async (id: string, { soft = false } = {}) => note(soft ? 'soft restart' : 'restart')(id),
    stop: note('stop'),
    remove: note('remove'),
    state: () => at.siteState,
    lastError: () => ({ name: 'ContainerTimeout', details: 'too slow', on: Date.UTC(2026, 10, 23) }),
    containerLog: (id: string) => (id === app('first') ? 'a line' : ''),
    async swap(swap: SlotSwap) {
      note('swap')(swap.sourceId);
      await at.onSwap(swap);
    },
    containerLogZip: (id: string) => (id === app('first') ? Readable.from(['a zip']) : undefined),
  };
  const arm = await startArmServer((parts): Route[] => webRoutes({ ...parts, appService }));
  let count = 0;

  const at = {
    ...arm,
    siteState: 'running' as SiteState,
    sites: createSiteDirectory(arm.resources, arm.principals),
    /** Stands in for the workers when they swap: here all goes well at once. */
    onSwap: async ({ commit }: SlotSwap) => commit(),
    /** What App Service was asked since the last call. */
    takeAsked: () => asked.splice(0),
    makePlan: (name: string, sku: string) =>
      arm.call('PUT', plan(name), {
        body: { location: 'japaneast', kind: 'linux', sku: { name: sku }, properties: { reserved: true } },
      }),
    /** A new app with a name of its own. */
    async makeApp(body: object = siteBody()): Promise<string> {
      count += 1;
      const name = `hoge${count}`;
      const made = await arm.call('PUT', app(name), { body });
      expect(made.status).toBe(200);
      asked.length = 0;
      return name;
    },
    config: async (id: string) => (await arm.call('GET', `${id}/config/web`)).body.properties,
    settings: async (id: string) => (await arm.call('POST', `${id}/config/appsettings/list`)).body.properties,
    async close() {
      expect(arm.errors).toEqual([]);
      await arm.close();
    },
  };

  await arm.call('PUT', group, { body: { location: 'japaneast' } });
  for (const [name, sku] of Object.entries({ plan: 'S1', basic: 'B1', free: 'F1' })) {
    await at.makePlan(name, sku);
  }
  return at;
}
