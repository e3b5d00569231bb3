import { randomUUID } from 'node:crypto';
import type { Agent } from 'node:https';
import type { EnginePreference } from './app-service/engines/choose.ts';
import type { WorkerGeneration } from './app-service/log/worker-logs.ts';
import { createAzure } from './azure.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Credentials } from './credentials.ts';
import { createEntra } from './entra/create-entra.ts';
import { faultPage } from './faults/fault-page.ts';
import { createFaults, type FaultControl, type Faults } from './faults/faults.ts';
import { createAgent } from './front/agent.ts';
import { createAgentFor } from './front/agent-for.ts';
import { openCertificateAuthority } from './front/certificate-authority.ts';
import { type Front, openFront } from './front/front.ts';
import { createPage } from './front/page.ts';
import type { RegistryPort } from './front/registry-ports.ts';
import { createSourceAddresses } from './front/source-addresses.ts';
import { readInstance, removeInstance, writeInstance } from './instance.ts';
import { logFault } from './log-fault.ts';
import { readOrCreateOwner } from './owner.ts';
import type { SystemDenial } from './providers/authorization/system-denial.ts';
import { clientSettings } from './settings.ts';
import { createDataDir, type DataDir } from './store/data-dir.ts';
import { openDatabase } from './store/database.ts';
import { takeLock } from './store/lock.ts';
import { readOrCreateMeta } from './store/meta.ts';
import { loadSigningKey } from './store/signing-key.ts';
import { UserError } from './user-error.ts';

export type { FaultControl, RegistryPort, SystemDenial };

export interface LocalAzureOptions {
  /** The folder that holds all state; made when it is missing. */
  dataDir: string;
  /** The proxy's port on 127.0.0.1; 0, the default, takes any free one. */
  port?: number;
  /**
   * How long a new role assignment takes to count, in milliseconds: the short form of the fault `role-assignment-delay`.
   * Default: 20 seconds.
   */
  propagationMs?: number;
  /** Faults to start with, such as `registry-outage,registry=hoge,for=30s`. */
  faults?: readonly string[];
  /** What runs the sites' containers. Default: whichever works here. */
  engine?: EnginePreference;
  /** In whose words App Service writes its log: the older Linux worker's, the default, or the newer one's. */
  workerLog?: WorkerGeneration;
  /** Refuses callers who ask Resource Manager more than Azure would let them. Default: false. */
  rateLimits?: boolean;
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
  /** For `https.request` in this process: reaches Azure's hosts here, from a request's `localAddress` if it has one. */
  agent: Agent;
  /** Sets faults while it runs. */
  faults: FaultControl;
  /** Where registries answer on 127.0.0.1 over plain HTTP, for clients such as Docker: 100 of them at the most. */
  registryPorts(): RegistryPort[];
  /** Makes a deny assignment that only Azure itself could make, such as one of a managed application; until lifted. */
  deny(denial: SystemDenial): { id: string; lift(): void };
  /** The environment variables for clients. */
  env(): Record<string, string>;
  close(): Promise<void>;
}

/**
 * Starts a local Azure on a folder, in this process. Rejects with {@link UserError} when the folder or the port is
 * taken, or a fault is written wrongly.
 *
 * @example
 * import { once } from 'node:events';
 * import { get } from 'node:https';
 * import { json } from 'node:stream/consumers';
 * import { startLocalAzure } from 'local-azure';
 *
 * const azure = await startLocalAzure({ dataDir: './azure', engine: 'none', propagationMs: 0 });
 *
 * // A program of its own: spawn('az', ['group', 'list'], { env: { ...process.env, ...azure.env() } }).
 * // Code in this process: give it the agent.
 * const { tenantId } = azure.credentials;
 * const url = `https://login.microsoftonline.com/${tenantId}/v2.0/.well-known/openid-configuration`;
 * const [response] = await once(get(url, { agent: azure.agent }), 'response');
 * const { issuer } = await json(response);
 * console.log(issuer === `https://login.microsoftonline.com/${tenantId}/v2.0`);
 *
 * await azure.close();
 */
export async function startLocalAzure(options: LocalAzureOptions): Promise<LocalAzure> {
  const { clock = systemClock, propagationMs = 20_000 } = options;
  const propagation = propagationMs > 0 ? [`role-assignment-delay,delay=${propagationMs / 1000}s`] : [];
  const faults = createFaults(clock, [...propagation, ...(options.faults ?? [])]);
  const dir = createDataDir(options.dataDir);
  const lock = takeLock(dir.lock);
  if (!lock) throw folderTaken(dir);
  const closers: (() => unknown)[] = [() => lock.release()];
  const close = async () => {
    const failures: unknown[] = [];
    // One that fails leaves the others to be done: a lock that stays would keep the folder shut.
    for (const closer of closers.splice(0).reverse()) {
      await Promise.resolve()
        .then(closer)
        .catch((error) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    return await start(dir, { ...options, clock }, faults, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  dir: DataDir,
  options: LocalAzureOptions & { clock: Clock },
  faults: Faults,
  closers: (() => unknown)[],
  close: () => Promise<void>,
): Promise<LocalAzure> {
  const { clock, allowOtherHosts = false, rateLimits = false, logError = logFault } = options;
  const instance = { pid: process.pid, startedOn: Date.now(), dataDir: dir.path, allowOtherHosts };
  await writeInstance(dir, instance);
  closers.push(() => removeInstance(dir));

  const db = openDatabase(dir.database);
  closers.push(() => db.close());
  const subscriptionId = readOrCreateMeta(db, 'subscriptionId', randomUUID);
  // All three make keys at first start: side by side. The registry's is for later.
  const [entra, authority] = await Promise.all([
    createEntra({
      db,
      clock,
      agentFor: (url) => agentFor(url),
      signInOrigin: () => `http://login.localhost:${front.port}`,
      logError,
    }),
    openCertificateAuthority({ certificate: dir.caCertificate, key: dir.caKey }),
    loadSigningKey(db, clock, 'registry'),
  ]);
  const credentials = await readOrCreateOwner(dir.credentials, { db, clock, entra, subscriptionId });

  const sources = createSourceAddresses();
  const agent = createAgent(() => front.port, authority.certificate, sources);
  const agentFor = createAgentFor({ agent, allowOtherHosts });
  closers.push(() => agent.destroy());

  const azure = await createAzure({
    db,
    dir,
    clock,
    entra,
    subscriptionId,
    agent,
    agentFor,
    faults,
    rateLimits,
    enginePreference: options.engine ?? 'auto',
    workerLog: options.workerLog ?? 'old',
    logError,
  });
  closers.push(() => azure.close());

  const front: Front = await openFront({
    port: options.port ?? 0,
    authority,
    services: azure.services,
    sources,
    exists: azure.exists,
    allowOtherHosts,
    page: faultPage(
      { faults, secret: credentials.clientSecret },
      createPage(() => ({
        dataDir: dir.path,
        port: front.port,
        registries: azure.registryPorts(),
        sites: azure.siteLabels(),
        faults: faults.list().map(({ fault }) => fault),
      })),
    ),
  }).catch((error: NodeJS.ErrnoException) => {
    throw cannotListen(options.port, error);
  });
  // The services end first: a worker that stops may still need the front door.
  closers.splice(-1, 0, () => front.close());
  await azure.resume();

  const { port } = front;
  const engine = 'run' in azure.engine ? azure.engine.name : `none: ${azure.engine.reason}`;
  await writeInstance(dir, {
    ...instance,
    port,
    tenantId: entra.tenantId,
    subscriptionId,
    engine,
  });
  return {
    port,
    dataDir: dir.path,
    credentials,
    engine,
    agent,
    faults: { list: faults.list, add: faults.add, clear: faults.clear },
    registryPorts: azure.registryPorts,
    deny: azure.deny,
    env: () => clientSettings(dir, port, credentials),
    close,
  };
}

function folderTaken(dir: DataDir): UserError {
  const pid = readInstance(dir)?.pid;
  return new UserError(
    `Another local-azure${pid ? ` (process ${pid})` : ''} is running on the folder ${dir.path}.`,
    'Use it with `local-azure exec`, stop it with `local-azure stop`, or choose another folder with --data-dir.',
  );
}

const cannotListen = (port: number | undefined, { code, message }: NodeJS.ErrnoException) =>
  new UserError(
    code === 'EADDRINUSE'
      ? `Port ${port} on 127.0.0.1 is taken by another program.`
      : `Port ${port} on 127.0.0.1 cannot be used: ${message}.`,
    'Choose another with `local-azure start --port <port>`; 0 takes any free one.',
  );
