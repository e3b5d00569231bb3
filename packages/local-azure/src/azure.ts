import type { Agent as HttpAgent } from 'node:http';
import type { Agent } from 'node:https';
import { createAppService } from './app-service/create-app-service.ts';
import { chooseEngine, type EnginePreference } from './app-service/engines/choose.ts';
import type { Engine, NoEngine } from './app-service/engines/engine.ts';
import type { WorkerGeneration } from './app-service/log/worker-logs.ts';
import { openSession } from './app-service/registry-client.ts';
import type { SiteDirectory } from './app-service/site.ts';
import type { Clock } from './clock.ts';
import type { Entra } from './entra/entra.ts';
import type { Faults } from './faults/faults.ts';
import { faultyHandler } from './faults/faulty-handler.ts';
import { createGrantPropagation } from './faults/grant-propagation.ts';
import { withIdentityTokens } from './faults/identity-tokens.ts';
import { createLateResources } from './faults/late-resources.ts';
import { readOverFaults } from './faults/log-readers.ts';
import { withNewIdentities } from './faults/new-identities.ts';
import {
  entraRequests,
  type HttpPlace,
  kuduRequests,
  registryRequests,
  resourceManagerRequests,
} from './faults/places.ts';
import type { ServiceHandler } from './front/front.ts';
import type { AzureHost, Service } from './front/hosts.ts';
import { createRegistryPorts, type RegistryPort } from './front/registry-ports.ts';
import type { HttpHandler } from './http-handler.ts';
import { createAccess } from './providers/authorization/access-control.ts';
import { createDenyAssignments } from './providers/authorization/deny-assignments.ts';
import { createRoleAssignments, type RoleAssignment } from './providers/authorization/role-assignments.ts';
import { createRoleDefinitions } from './providers/authorization/role-definitions.ts';
import { authorizationRoutes } from './providers/authorization/routes.ts';
import { createDeny, type Deny } from './providers/authorization/system-denial.ts';
import type { RegistryBody } from './providers/container-registry/model.ts';
import { createRegistryLookup, loginServers } from './providers/container-registry/registry-lookup.ts';
import { containerRegistryRoutes } from './providers/container-registry/routes.ts';
import { createWebhooks } from './providers/container-registry/webhooks.ts';
import { managedIdentityRoutes } from './providers/managed-identity/routes.ts';
import { managementRoutes } from './providers/management/routes.ts';
import { createResourcesProvider } from './providers/resources/routes.ts';
import { webRoutes } from './providers/web/routes.ts';
import { createSiteDirectory } from './providers/web/site-directory.ts';
import type { OpenForeign } from './registry/import-image.ts';
import { createRegistry } from './registry/registry.ts';
import { createRateLimits } from './resource-manager/rate-limits.ts';
import { createResourceManager } from './resource-manager/resource-manager.ts';
import type { Route } from './resource-manager/route.ts';
import type { DataDir } from './store/data-dir.ts';
import type { Database } from './store/database.ts';
import { createResources } from './store/resources.ts';
import { UserError } from './user-error.ts';

export interface AzureOptions {
  db: Database;
  dir: DataDir;
  clock: Clock;
  entra: Entra;
  subscriptionId: string;
  /** How the workers reach the registries: through the front door, as everybody does. */
  agent: Agent;
  /** How anything else here reaches a URL, `false` for directly. Throws why it must not. */
  agentFor(url: URL): HttpAgent | false;
  faults: Faults;
  /** Whether Resource Manager refuses callers who ask too much. */
  rateLimits: boolean;
  enginePreference: EnginePreference;
  workerLog: WorkerGeneration;
  logError(message: string, error: unknown): void;
}

/** All services, wired to each other; the front door stands before them. */
export interface Azure {
  services: Record<Service, ServiceHandler>;
  /** The operations that Resource Manager serves. */
  routes: readonly Route[];
  deny: Deny;
  /** Whether a host name resolves. */
  exists(host: AzureHost): boolean;
  /** `hoge-app`, `hoge-app-staging`: the first label of each site's host. */
  siteLabels(): string[];
  /** Where registries answer on loopback. */
  registryPorts(): RegistryPort[];
  engine: Engine | NoEngine;
  /**
   * Opens the registries' ports, starts the sites that are always on, and goes on with what a killed process left. To be
   * called once the front door is open.
   */
  resume(): Promise<void>;
  close(): Promise<void>;
}

export async function createAzure(options: AzureOptions): Promise<Azure> {
  const { db, dir, clock, entra, agent, agentFor, faults, logError } = options;
  const failing = { faults, clock };
  const { resources, late } = createLateResources(createResources(db, clock), failing);
  const propagation = createGrantPropagation<RoleAssignment>(failing);
  const assignments = createRoleAssignments(db, clock, propagation);
  const roles = createRoleDefinitions(db, clock);
  const denyAssignments = createDenyAssignments(db, clock);
  const access = createAccess({ db, roles, denyAssignments, propagation });
  const sites = createSiteDirectory(late, entra.principals);
  const directory = withNewIdentities(entra, failing);

  const skuOf = (loginServer: string) => resources.getByHostName<RegistryBody>(loginServer)?.body.sku.name;
  /** Lets a service fail as the faults at its place say. */
  const faulty = (place: HttpPlace, handler: HttpHandler, host?: string): HttpHandler =>
    faultyHandler(handler, { ...failing, place, skuOf, ...(host ? { host } : {}) });
  const webhooks = createWebhooks({ db, clock, resources, agentFor, logError });

  /** Registries elsewhere are read as the workers read any. */
  const closing = new AbortController();
  const openForeign: OpenForeign = ({ registry: host, repository, reference, reader }) =>
    openSession({
      agent: agentFor(new URL(`https://${host}`)),
      image: { text: `${host}/${repository}`, host, repository, ...reference },
      credentials:
        reader.kind === 'password' ? { ...reader, username: reader.username ?? '' } : { kind: 'anonymous' },
      signal: closing.signal,
    });

  const [registry, engine] = await Promise.all([
    createRegistry({
      db,
      clock,
      entra,
      access,
      blobsDir: dir.blobs,
      lookup: createRegistryLookup(late),
      openForeign,
      onEvent: webhooks.onEvent,
      logError,
    }),
    openEngine(options),
  ]);
  const appService = createAppService({
    sites,
    entra: withIdentityTokens(directory, { ...failing, sitesOf: (id) => sitesOfIdentity(sites, id) }),
    access,
    engine,
    agent,
    clock,
    dataDir: dir.appService,
    workerLog: options.workerLog,
    logAsRead: (siteId, log) => readOverFaults(log, siteId, failing),
    logError,
  });

  const registryPorts = createRegistryPorts({
    db,
    handlerOf: (loginServer) =>
      faulty(registryRequests, registry.handlerOnLoopback(loginServer), loginServer),
    logError,
  });

  const subscription = { id: options.subscriptionId, tenantId: entra.tenantId, displayName: 'local-azure' };
  // A provider is a list of routes: another one is one more line here.
  const providers = [
    ...authorizationRoutes({
      assignments,
      roles,
      denyAssignments,
      resources,
      principals: directory.principals,
      access,
      subscription,
    }),
    ...containerRegistryRoutes({
      resources,
      clock,
      storedBytes: registry.storedBytes,
      onCreated: registryPorts.open,
      onDeleted: (loginServer) => void registryPorts.close(loginServer),
      webhooks,
      access,
      imports: registry.imports,
      agentFor,
    }),
    ...managedIdentityRoutes({ resources, entra: directory }),
    ...managementRoutes({ subscription, access }),
    ...webRoutes({ resources, entra: directory, appService, clock }),
  ];
  const own = createResourcesProvider({ subscription, resources, access, clock, routes: providers });
  const routes = [...providers, ...own.routes];
  const management = createResourceManager({
    entra,
    access,
    resources,
    clock,
    routes,
    subscription,
    rateLimits: createRateLimits(clock, options.rateLimits),
    logError,
  });

  const always = () => true;
  const names: Record<Service, (host: string) => boolean> = {
    login: always,
    management: always,
    graph: always,
    registry: registry.exists,
    'registry-data': registry.hasDataEndpoint,
    site: (host) => sites.byHost(host) !== undefined,
    scm: (host) => sites.byHost(host) !== undefined,
  };
  return {
    services: {
      login: { request: faulty(entraRequests, entra.login) },
      management: { request: faulty(resourceManagerRequests, management) },
      graph: { request: entra.graph },
      registry: { request: faulty(registryRequests, registry.handler) },
      'registry-data': { request: faulty(registryRequests, registry.dataEndpoint) },
      site: { request: appService.site, upgrade: appService.siteUpgrade },
      scm: { request: faulty(kuduRequests, appService.scm) },
    },
    routes,
    deny: createDeny(denyAssignments),
    exists: ({ service, host }) => names[service](host),
    siteLabels: sites.hostLabels,
    registryPorts: registryPorts.list,
    engine,
    async resume() {
      await Promise.all(loginServers(resources).map(registryPorts.open));
      appService.resume();
      own.resume();
    },
    async close() {
      closing.abort();
      await registryPorts.closeAll();
      await appService.close();
      if ('run' in engine) await engine.close();
      await webhooks.close();
      await registry.close();
    },
  };
}

/** The sites that an identity is attached to, by the first label of their host. */
const sitesOfIdentity = (sites: SiteDirectory, principalId: string): string[] =>
  sites
    .all()
    .flatMap((id) => sites.spec(id) ?? [])
    .filter(({ identity: { systemAssigned, userAssigned } }) =>
      [systemAssigned, ...userAssigned].some((one) => one?.principalId === principalId),
    )
    .map(({ hostName }) => hostName.split('.')[0]!);

/** The engine that runs here, rid of what a killed instance left. One that was asked for by name must be there. */
async function openEngine({ dir, subscriptionId, enginePreference, logError }: AzureOptions) {
  const engine = await chooseEngine({
    dataDir: dir.appService,
    owner: subscriptionId,
    preference: enginePreference,
  });
  if ('run' in engine)
    await engine.sweep().catch((error) => logError('Removing old containers failed', error));
  else if (enginePreference === 'docker' || enginePreference === 'linux')
    throw new UserError(
      `The container engine '${enginePreference}' cannot be used: ${engine.reason}.`,
      'Leave --engine out to take any that works, or use --engine none: images are then pulled and not started.',
    );
  return engine;
}
