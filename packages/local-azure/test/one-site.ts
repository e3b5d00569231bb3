import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppServiceOptions, createAppService } from '../src/app-service/create-app-service.ts';
import type { Publishing, SiteSpec } from '../src/app-service/site.ts';
import { type Clock, systemClock } from '../src/clock.ts';
import { type Entra, TokenRefused } from '../src/entra/entra.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { createInProcessEngine } from './in-process-engine.ts';
import { addImage, startScriptedRegistry } from './scripted-registry.ts';

export const id = '/subscriptions/s/resourceGroups/blog/providers/Microsoft.Web/sites/hoge-app';
export const host = 'hoge-app.azurewebsites.net';
const scmHost = 'hoge-app.scm.azurewebsites.net';

/** Short waits take no time. */
const clock: Clock = {
  now: systemClock.now,
  sleep: (ms, signal) => systemClock.sleep(ms < 1000 ? 5 : ms, signal),
};

const entra = {
  tenantId: 'tenant',
  async issueToken(principalId: string, audience: string) {
    if (audience !== 'https://management.azure.com/') throw new Error('another audience');
    if (principalId === 'gone') throw new Error('no such principal');
    return { token: `token of ${principalId}`, expiresOn: 0 };
  },
  async verifyToken(token: string) {
    if (token !== 'good') throw new TokenRefused('malformed', 'refused');
    return { oid: 'me' };
  },
} as unknown as Entra;

export type OneSite = Awaited<ReturnType<typeof startOneSite>>;

/** App Service with one site, whose image is in a scripted registry and whose containers run in this process. */
export async function startOneSite() {
  const folder = await mkdtemp(join(tmpdir(), 'app-service-'));
  const registry = await startScriptedRegistry();
  registry.accepts = { identityToken: 'token of principal' };
  addImage(registry, '1', ['one'], { ExposedPorts: { '8080/tcp': {} } });
  const engine = createInProcessEngine();
  const servers: HttpServer[] = [];

  const spec: SiteSpec = {
    id,
    name: 'hoge-app',
    hostName: host,
    linuxFxVersion: `DOCKER|${registry.host}/app:1`,
    acrUseManagedIdentityCreds: true,
    identity: { systemAssigned: { principalId: 'principal', clientId: 'client' }, userAssigned: [] },
    appSettings: { GREETING: 'hello', SECRET: 'do-not-log' },
    pullsOverVnet: false,
    pullAddress: '127.0.0.1',
    rampUpRules: [],
    alwaysOn: false,
    containerLogging: { enabled: true, retentionInMb: 35, retentionInDays: 0 },
    enabled: true,
  };
  const specs = [spec];
  const publishing: Publishing = { userName: '$hoge-app', password: 'secret', allowed: true };
  const rights = { mayPublish: true };

  const open = (options: Partial<AppServiceOptions> = {}) =>
    createAppService({
      sites: {
        spec: (siteId) => structuredClone(specs.find((one) => one.id === siteId)),
        byHost: (name) => specs.find(({ hostName }) => hostName === name.replace('.scm.', '.'))?.id,
        all: () => specs.map((one) => one.id),
        hostLabels: () => ['hoge-app'],
        publishing: () => publishing,
      },
      entra,
      access: { allowed: () => rights.mayPublish, allowedData: () => false },
      engine,
      agent: registry.agent,
      clock,
      dataDir: folder,
      logError: (message, error) => {
        throw new Error(message, { cause: error });
      },
      ...options,
    });

  const at = {
    app: open(),
    folder,
    registry,
    engine,
    /** What the site is; tests change it as a user would. */
    spec,
    publishing,
    rights,
    /** A slot of the site, which is like it but for what is given. */
    addSlot(name: string, changes: Partial<SiteSpec> = {}): SiteSpec {
      const names = {
        id: `${id}/slots/${name}`,
        name: `hoge-app__${name}`,
        hostName: `hoge-app-${name}.azurewebsites.net`,
      };
      const slot = { ...structuredClone(spec), ...names, ...changes };
      specs.push(slot);
      return slot;
    },
    /** As after a restart with other options. */
    async reopen(options: Partial<AppServiceOptions>) {
      await at.app.close();
      at.app = open(options);
    },
    /** A front door for one of the handlers; its port. */
    async serve(handler: 'site' | 'scm'): Promise<number> {
      const front = await startHttpServer((incoming, response) => at.app[handler](incoming, response));
      front.server.on('upgrade', (...all) =>
        at.app.siteUpgrade(...(all as Parameters<typeof at.app.siteUpgrade>)),
      );
      servers.push(front);
      return front.port;
    },
    async visit(
      handler: 'site' | 'scm' = 'site',
      path = '/',
      headers: Record<string, string> = {},
      method = 'GET',
    ): Promise<IncomingMessage> {
      const port = await at.serve(handler);
      const own = { host: handler === 'site' ? host : scmHost };
      const outgoing = request({ port, path, method, headers: { ...own, ...headers } });
      outgoing.end();
      const [response] = await once(outgoing, 'response');
      return response;
    },
    /** The platform's log without times; what differs from run to run made equal. */
    log: (siteId = id) =>
      at.app
        .containerLog(siteId)
        .split('\n')
        .map((line) =>
          line
            .slice('2026-11-23T00:00:00.000Z '.length)
            .replaceAll(registry.host, 'HOST')
            .replace(/(hoge-app\w*)_(\d+)_[0-9a-f]{8}/, '$1_$2_X'),
        ),
    async close() {
      await at.app.close();
      await engine.close();
      for (const server of servers) await server.close();
      await registry.close();
      await rm(folder, { recursive: true });
    },
  };
  return at;
}
