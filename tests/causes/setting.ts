import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Report, SiteReport } from '../../packages/acrpull/src/report/report.ts';
import { type LocalAzureProcess, type StartOptions, startLocalAzure } from '../local-azure.ts';

const webVersion = '2023-12-01';
const registryVersion = '2025-11-01';
const authorizationVersion = '2022-04-01';
const storyImage = 'hoge.azurecr.io/hello:0.1.0';
export const roles = {
  acrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  repositoryReader: 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
};

/** A local Azure with a registry, an image and a plan, and what a cause is made and watched with. */
export interface Setting {
  azure: LocalAzureProcess;
  /** `/subscriptions/…/resourceGroups/blog` */
  group: string;
  registry: string;
  // biome-ignore lint/suspicious/noExplicitAny: what is read of an answer is the test's business.
  arm(method: string, path: string, apiVersion: string, body?: unknown): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  graph(method: string, path: string, body?: unknown): Promise<any>;
  /**
   * Makes an app, and with `slot` a slot of it, that pulls with its system-assigned identity. All links hold, but for
   * an image in a registry of its own, at which nothing is granted yet.
   */
  healthySite(name: string, options?: SiteOptions): Promise<string>;
  configure(site: string, properties: object): Promise<unknown>;
  setSettings(site: string, properties: object): Promise<unknown>;
  setIdentity(site: string, identity: object): Promise<unknown>;
  principalOf(site: string): Promise<string>;
  /** The id of the role assignment. */
  grant(scope: string, principalId: string, role?: string, more?: object): Promise<string>;
  revoke(scope: string, principalId: string): Promise<void>;
  createIdentity(name: string): Promise<UserAssignedIdentity>;
  /** A registry with the same image, which its caller may always read. */
  createRegistry(name: string, properties?: object): Promise<string>;
  /** Tags an index in which the image stands for another platform, and for no other. */
  pushIndex(registry: string, tag: string, platform: object): Promise<void>;
  /** A service principal with a role at a scope, as the settings of whoever signs in as it. */
  createCaller(name: string, scope: string, role: string): Promise<NodeJS.ProcessEnv>;
  /** The log of a new start, from its pull on. */
  restart(site: string): Promise<string>;
  /** All of its log. */
  log(site: string): Promise<string>;
  /** Of every site of the app that the site belongs to. */
  doctor(site: string): Promise<SiteReport[]>;
  stop(): Promise<void>;
}

export interface SiteOptions {
  image?: string;
  slot?: string;
}

export interface UserAssignedIdentity {
  id: string;
  clientId: string;
  principalId: string;
}

export async function startSetting(args: string[] = [], options: StartOptions = {}): Promise<Setting> {
  const azure = await startLocalAzure({ ...options, args: ['--engine', 'none', ...args] });
  await azure.setUpStory();
  const send = startWire(azure);
  const subscription = `/subscriptions/${azure.subscriptionId}`;
  const group = `${subscription}/resourceGroups/blog`;
  const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge`;
  const location = 'japaneast';

  const arm: Setting['arm'] = (method, path, apiVersion, body) =>
    send('arm', { method, path, apiVersion, body });
  const web = (method: string, path: string, body?: unknown) => arm(method, path, webVersion, body);
  const grant: Setting['grant'] = async (scope, principalId, role = roles.acrPull, more = {}) => {
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
    const properties = { roleDefinitionId, principalId, principalType: 'ServicePrincipal', ...more };
    await arm('PUT', id, authorizationVersion, { properties });
    return id;
  };
  const principalOf = async (site: string) => (await web('GET', site)).identity.principalId;
  const ownerId = async (): Promise<string> => {
    const filter = encodeURIComponent(`appId eq '${azure.env.AZURE_CLIENT_ID}'`);
    const { value } = await send('graph', { method: 'GET', path: `/servicePrincipals?$filter=${filter}` });
    return value[0].id;
  };

  return {
    azure,
    group,
    registry,
    arm,
    graph: (method, path, body) => send('graph', { method, path, body }),
    healthySite: async (name, { image = storyImage, slot } = {}) => {
      const app = `${group}/providers/Microsoft.Web/sites/${name}`;
      const sites = slot ? [app, `${app}/slots/${slot}`] : [app];
      for (const site of sites) {
        const made = await web('PUT', site, {
          location,
          kind: 'app,linux,container',
          identity: { type: 'SystemAssigned' },
          properties: {
            serverFarmId: `${group}/providers/Microsoft.Web/serverfarms/hoge-plan`,
            siteConfig: { linuxFxVersion: `DOCKER|${image}`, acrUseManagedIdentityCreds: true },
          },
        });
        if (image === storyImage) await grant(registry, made.identity.principalId);
      }
      return sites.at(-1)!;
    },
    configure: (site, properties) => web('PATCH', `${site}/config/web`, { properties }),
    setSettings: (site, properties) => web('PUT', `${site}/config/appsettings`, { properties }),
    setIdentity: (site, identity) => web('PATCH', site, { identity }),
    principalOf,
    grant,
    revoke: async (scope, principalId) => {
      const path = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
      const filter = encodeURIComponent(`principalId eq '${principalId}'`);
      const { value } = await arm('GET', `${path}?$filter=${filter}`, authorizationVersion);
      for (const { id } of value) await arm('DELETE', id, authorizationVersion);
    },
    createIdentity: async (name) => {
      const id = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
      const { properties } = await arm('PUT', id, '2023-01-31', { location });
      return { id, clientId: properties.clientId, principalId: properties.principalId };
    },
    createRegistry: async (name, properties = {}) => {
      const id = `${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;
      await arm('PUT', id, registryVersion, { location, sku: { name: 'Premium' } });
      await arm('POST', `${id}/importImage`, registryVersion, {
        source: { resourceId: registry, sourceImage: 'hello:0.1.0' },
        targetTags: ['hello:0.1.0'],
      });
      // Whatever mode it is in, whoever looks may read the image: what is looked for is what the site may.
      await grant(id, await ownerId(), roles.repositoryReader);
      await arm('PATCH', id, registryVersion, { properties });
      return id;
    },
    pushIndex: (registry, tag, platform) => {
      const host = `${registry.split('/').at(-1)}.azurecr.io`;
      return send('pushIndex', { host, repository: 'hello', from: '0.1.0', tag, platform });
    },
    createCaller: async (name, scope, role) => {
      const { id, appId } = await send('graph', {
        method: 'POST',
        path: '/applications',
        body: { displayName: name },
      });
      const principal = await send('graph', { method: 'POST', path: '/servicePrincipals', body: { appId } });
      const { secretText } = await send('graph', {
        method: 'POST',
        path: `/applications/${id}/addPassword`,
        body: {},
      });
      await grant(scope, principal.id, role);
      return { AZURE_CLIENT_ID: appId, AZURE_CLIENT_SECRET: secretText };
    },
    restart: (site) => send('restart', { site }),
    log: (site) => send('log', { site }),
    doctor: async (site) => {
      const report: Report = await send('doctor', { app: site.replace(/\/slots\/.*/, '') });
      return report.sites;
    },
    stop: async () => {
      send.end();
      await azure.stop();
    },
  };
}

/** The client's process, which takes orders and answers them as they are done. */
function startWire(azure: LocalAzureProcess) {
  const program = fileURLToPath(new URL('./wire.mjs', import.meta.url));
  const child = spawn(process.execPath, [program], { env: azure.env, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, value, error } = JSON.parse(line);
    const order = waiting.get(id)!;
    waiting.delete(id);
    if (error) order.reject(new Error(error));
    else order.resolve(value);
  });
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the client has ended'));
  });
  let count = 0;
  // biome-ignore lint/suspicious/noExplicitAny: each order has its own answer.
  const send = (order: string, given: object): Promise<any> =>
    new Promise((resolve, reject) => {
      const id = count++;
      waiting.set(id, { resolve, reject });
      child.stdin.write(`${JSON.stringify({ id, order, ...given })}\n`);
    });
  return Object.assign(send, { end: () => child.stdin.end() });
}
