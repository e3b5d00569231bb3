import { randomUUID } from 'node:crypto';
import type { Agent } from 'node:https';
import { createAppService } from './app-service/create-app-service.ts';
import { chooseEngine } from './app-service/engines/choose.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Credentials, readOrCreateCredentials } from './credentials.ts';
import { createEntra } from './entra/create-entra.ts';
import { createAgent } from './front/agent.ts';
import { openCertificateAuthority } from './front/certificate-authority.ts';
import { type Front, openFront, type ServiceHandler } from './front/front.ts';
import type { AzureHost, Service } from './front/hosts.ts';
import { createPage } from './front/page.ts';
import { readInstance, removeInstance, writeInstance } from './instance.ts';
import { createAccess } from './providers/authorization/access-control.ts';
import { createRoleAssignments } from './providers/authorization/role-assignments.ts';
import { authorizationRoutes } from './providers/authorization/routes.ts';
import { registryFacts } from './providers/container-registry/registry-facts.ts';
import { containerRegistryRoutes } from './providers/container-registry/routes.ts';
import { resourcesRoutes } from './providers/resources/routes.ts';
import { webRoutes } from './providers/web/routes.ts';
import { createSiteDirectory } from './providers/web/site-directory.ts';
import { createRegistry } from './registry/registry.ts';
import { createResourceManager } from './resource-manager/resource-manager.ts';
import { clientSettings } from './settings.ts';
import { createDataDir, type DataDir } from './store/data-dir.ts';
import { type Database, openDatabase } from './store/database.ts';
import { takeLock } from './store/lock.ts';
import { readOrCreateMeta } from './store/meta.ts';
import { createResources } from './store/resources.ts';
import { UserError } from './user-error.ts';

export type EngineChoice = 'auto' | 'docker' | 'linux' | 'none';

export interface LocalAzureOptions {
  /** The folder that holds all state; made when it is missing. */
  dataDir: string;
  /** The proxy's port on 127.0.0.1; 0, the default, takes any free one. */
  port?: number;
  /** How long a new role assignment takes to count, in milliseconds. Default: 20 seconds. */
  propagationMs?: number;
  /** What runs the sites' containers. Default: whichever works here. */
  engine?: EngineChoice;
  /** Lets clients through to hosts that are not Azure's. Default: false. */
  allowOtherHosts?: boolean;
  clock?: Clock;
  /** Told of faults of the local Azure itself. Default: writes them to stderr. */
  logError?: (message: string, error: unknown) => void;
}

export interface LocalAzure {
  /** The proxy's port on 127.0.0.1. */
  port: number;
  dataDir: string;
  /** Signs in as the first service principal, which owns the subscription. */
  credentials: Credentials;
  /** The engine that was chosen, or why there is none. */
  engine: string;
  /** For `https.request` in this process: reaches Azure's hosts here. */
  agent: Agent;
  /** The environment variables for clients. */
  env(): Record<string, string>;
  close(): Promise<void>;
}

/** Starts a local Azure on a folder. Rejects with {@link UserError} when the folder or the port is taken. */
export async function startLocalAzure(options: LocalAzureOptions): Promise<LocalAzure> {
  const dir = createDataDir(options.dataDir);
  const lock = takeLock(dir.lock);
  if (!lock) throw folderTaken(dir);
  const closers: (() => unknown)[] = [() => lock.release()];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await start(dir, options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  dir: DataDir,
  options: LocalAzureOptions,
  closers: (() => unknown)[],
  close: () => Promise<void>,
): Promise<LocalAzure> {
  const {
    clock = systemClock,
    allowOtherHosts = false,
    propagationMs = 20_000,
    logError = console.error,
  } = options;
  const instance = { pid: process.pid, startedOn: Date.now(), dataDir: dir.path, allowOtherHosts };
  await writeInstance(dir, instance);
  closers.push(() => removeInstance(dir));

  const db = openDatabase(dir.database);
  closers.push(() => db.close());
  const subscriptionId = readOrCreateMeta(db, 'subscriptionId', randomUUID);
  // Both make keys at first start: side by side.
  const [entra, authority] = await Promise.all([
    createEntra({ db, clock }),
    openCertificateAuthority({ certificate: dir.caCertificate, key: dir.caKey }),
  ]);
  const credentials = await readOrCreateCredentials(dir.credentials, { db, clock, entra, subscriptionId });

  const resources = createResources(db, clock);
  const access = createAccess({ db, clock, propagationMs: () => propagationMs });
  const subscription = { id: subscriptionId, tenantId: entra.tenantId, displayName: 'local-azure' };
  const agent = createAgent(() => front.port, authority.certificate);
  closers.push(() => agent.destroy());

  const registry = await createRegistry({
    db,
    clock,
    entra,
    access,
    blobsDir: dir.blobs,
    lookup: registryFacts(resources),
    onFault: (error) => logError('The registry failed', error),
  });
  closers.push(() => registry.close());

  const engine = await chooseEngine({
    dataDir: dir.appService,
    owner: subscriptionId,
    preference: options.engine ?? 'auto',
  });
  if ('run' in engine) {
    closers.push(() => engine.close());
    await engine.sweep();
  }
  const sites = createSiteDirectory(resources, entra.principals);
  const appService = createAppService({
    sites,
    entra,
    access,
    engine,
    agent,
    clock,
    dataDir: dir.appService,
    logError,
  });
  closers.push(() => appService.close());

  const providers = [
    ...authorizationRoutes({ assignments: createRoleAssignments(db, clock), resources, directory: entra }),
    ...containerRegistryRoutes({
      resources,
      storedBytes: storedBytes(db),
      onDeleted: registry.removeContent,
    }),
    ...webRoutes({ resources, entra, appService }),
  ];
  const routes = [...providers, ...resourcesRoutes({ subscription, resources, access, routes: providers })];
  const management = createResourceManager({
    entra,
    access,
    resources,
    clock,
    routes,
    subscription,
    logError,
  });

  /** Which names resolve. */
  const exists = ({ service, host }: AzureHost) => {
    switch (service) {
      case 'login':
      case 'management':
      case 'graph':
        return true;
      case 'registry':
        return registry.exists(host);
      case 'site':
      case 'scm':
        return sites.byHost(host) !== undefined;
      default:
        return false;
    }
  };
  const services: Record<Service, ServiceHandler> = {
    login: { request: entra.login },
    management: { request: management },
    graph: { request: entra.graph },
    registry: { request: registry.handler },
    'registry-data': { request: registry.handler },
    site: { request: appService.site, upgrade: appService.siteUpgrade },
    scm: { request: appService.scm },
  };
  const front: Front = await openFront({
    port: options.port ?? 0,
    authority,
    services,
    exists,
    allowOtherHosts,
    page: createPage(() => ({ dataDir: dir.path, sites: sites.hostLabels(), port: front.port })),
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? portTaken(options.port) : error;
  });
  closers.push(() => front.close());

  appService.resume();
  const { port } = front;
  const engineName = 'run' in engine ? engine.name : `none: ${engine.reason}`;
  await writeInstance(dir, {
    ...instance,
    port,
    tenantId: entra.tenantId,
    subscriptionId,
    engine: engineName,
  });
  return {
    port,
    dataDir: dir.path,
    credentials,
    engine: engineName,
    agent,
    env: () => clientSettings(dir, port, credentials),
    close,
  };
}

/** A blob counts once for a registry, in however many of its repositories it is. */
function storedBytes(db: Database): (loginServer: string) => number {
  const sum = db.prepare(
    'SELECT COALESCE(SUM(size), 0) AS bytes FROM (SELECT DISTINCT digest, size FROM registry_blobs WHERE registry = ?)',
  );
  return (loginServer) => (sum.get(loginServer) as { bytes: number }).bytes;
}

function folderTaken(dir: DataDir): UserError {
  const pid = readInstance(dir)?.pid;
  return new UserError(
    `Another local-azure${pid ? ` (process ${pid})` : ''} is running on the folder ${dir.path}.`,
    'Use it with `local-azure exec`, stop it with `local-azure stop`, or choose another folder with --data-dir.',
  );
}

const portTaken = (port: number | undefined) =>
  new UserError(
    `Port ${port} on 127.0.0.1 is taken by another program.`,
    'Choose another with `local-azure start --port <port>`; 0 takes any free one.',
  );
