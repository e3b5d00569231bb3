import type { Agent } from 'node:https';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../clock.ts';
import type { Entra } from '../entra/entra.ts';
import type { HttpHandler, UpgradeHandler } from '../http-handler.ts';
import type { Access } from '../resource-manager/access.ts';
import type { ContainerExit, Engine, NoEngine } from './engines/engine.ts';
import { createIdentityEndpoint } from './identity-endpoint.ts';
import { createImageStore } from './image-store.ts';
import { createKuduAccess } from './kudu/access.ts';
import { createKudu } from './kudu/kudu.ts';
import { blocked, nothingToRun, unloaded } from './log/remarks.ts';
import { lastLines, openSiteLog, type SiteLog } from './log/site-log.ts';
import { type WorkerGeneration, workerLogs } from './log/worker-logs.ts';
import { zipLogs } from './log/zip-logs.ts';
import { createPuller } from './puller.ts';
import type { AppService, SiteDirectory, SiteSpec } from './site.ts';
import { createSiteEntrance } from './site-entrance.ts';
import { createStartInstance, type SiteInstance, type SiteWorker } from './site-instance.ts';
import { createLifecycle } from './site-lifecycle.ts';
import { createSiteStart } from './site-start.ts';
import { createSiteSwap } from './site-swap.ts';
import { StartFailure } from './start-failure.ts';

export interface AppServiceOptions {
  sites: SiteDirectory;
  entra: Entra;
  access: Access;
  engine: Engine | NoEngine;
  /** Reaches the registries as a worker does: over TLS, by name. */
  agent: Agent;
  clock: Clock;
  /** Images go to `worker/`, logs to `LogFiles/`. */
  dataDir: string;
  /**
   * Whether a site may run an image that is on this machine although the registry refused it this time, as the
   * platform does ("Defaulting to local copy if present"). Default true.
   */
  localCopies?: boolean;
  /** In whose words the platform's log is written. Default: the older worker's. */
  workerLog?: WorkerGeneration;
  /** A site's log as the readers of its stream see it. Default: as it is. */
  logAsRead?(siteId: string, log: SiteLog): SiteLog;
  /** Told of faults of this program itself. */
  logError(message: string, error: unknown): void;
}

export interface AppServiceHandlers {
  /** Serves `<site>.azurewebsites.net`. */
  site: HttpHandler;
  siteUpgrade: UpgradeHandler;
  /** Serves `<site>.scm.azurewebsites.net`. */
  scm: HttpHandler;
  /** Starts the sites that are `alwaysOn`; the others wait for their first visitor. */
  resume(): void;
  close(): Promise<void>;
}

/** A change of configuration comes as several writes: the start waits this long for the next one. */
const settleMs = 200;

const containerLogLines = 100;

/** The workers: pull images, run containers, and let visitors in. */
export function createAppService(options: AppServiceOptions): AppService & AppServiceHandlers {
  const { sites, entra, access, engine, clock, dataDir, logError } = options;
  const { localCopies = true, logAsRead = (_, log) => log } = options;
  const workerLog = workerLogs[options.workerLog ?? 'old'];
  const puller = createPuller({ store: createImageStore(join(dataDir, 'worker')), agent: options.agent });
  const workers = new Map<string, SiteWorker>();
  const closing = new AbortController();
  const start = createStartInstance({
    sites,
    identityEndpoint: createIdentityEndpoint({ entra, logError }),
    start: createSiteStart({ puller, entra, engine, clock, localCopies }),
    clock,
    closing: closing.signal,
  });

  function workerOf(siteId: string): SiteWorker {
    const key = siteId.toLowerCase();
    const known = workers.get(key);
    if (known) return known;
    const log = openSiteLog({ dir: join(dataDir, 'LogFiles', logFolder(siteId)), clock, worker: workerLog });
    const spec = sites.spec(siteId);
    if (spec) log.configure(spec.containerLogging);
    let sequence = 0;
    const startSite = (spec: SiteSpec, signal: AbortSignal) =>
      start({ spec, log, sequence: sequence++, signal });
    const lifecycle = createLifecycle<SiteInstance>({
      clock,
      async start(signal) {
        await clock.sleep(settleMs, signal);
        const spec = sites.spec(siteId);
        if (!spec) throw new StartFailure('The site is gone.');
        log.configure(spec.containerLogging);
        try {
          return await startSite(spec, signal);
        } catch (error) {
          if (!signal.aborted && !(error instanceof StartFailure)) {
            logError(`The start of ${siteId} failed`, error);
            log.platform(nothingToRun('the local Azure failed; its own log says why.'));
          }
          throw error;
        }
      },
      onExit({ name }, how) {
        const site = sites.spec(siteId)?.name ?? siteId;
        log.platform({ kind: 'exited', site, container: name, exit: how as ContainerExit });
      },
      onIdle: () => log.platform(unloaded),
      onBlocked: (ms) => log.platform(blocked(ms)),
      alwaysOn: () => sites.spec(siteId)?.alwaysOn === true,
    });
    const worker = { log, lifecycle, start: startSite };
    workers.set(key, worker);
    return worker;
  }

  const swap = createSiteSwap({ sites, workerOf, clock, signal: closing.signal, logError });

  const entrance = createSiteEntrance({
    sites,
    lifecycleOf: (siteId) => workerOf(siteId).lifecycle,
    clock,
    logError,
  });

  /** Never rejects. A site that was turned off is stopped instead. */
  async function restart(siteId: string, { soft = false } = {}): Promise<void> {
    const spec = sites.spec(siteId);
    if (closing.signal.aborted || !spec) return;
    if (!spec.enabled) return stop(siteId);
    const { lifecycle } = workerOf(siteId);
    const running = lifecycle.state() === 'running' ? lifecycle.serving() : undefined;
    if (soft && running && isMadeAlike(running.spec, spec)) return;
    // Source: MicrosoftDocs/azure-docs reference-app-settings.md, "Scaling"
    const overlapped = spec.appSettings.WEBSITE_DISABLE_OVERLAPPED_RECYCLING !== '1';
    await lifecycle.restart({ overlapped });
  }

  function stop(siteId: string): void {
    const worker = workers.get(siteId.toLowerCase());
    if (!worker || worker.lifecycle.state() === 'idle') return;
    worker.log.platform({ kind: 'stopping', site: sites.spec(siteId)?.name ?? siteId });
    worker.lifecycle.stop().catch((error) => logError(`Stopping ${siteId} failed`, error));
  }

  return {
    restart,
    stop,
    remove(siteId) {
      const key = siteId.toLowerCase();
      const { log, lifecycle } = workerOf(siteId);
      workers.delete(key);
      lifecycle
        .stop()
        .then(() => {
          log.close();
          // A site of the same name may have been made meanwhile, and writes to the same folder.
          if (!workers.has(key)) log.remove();
        })
        .catch((error) => logError(`Removing ${siteId} failed`, error));
    },
    state(siteId) {
      if (!sites.spec(siteId)?.enabled) return 'stopped';
      return workers.get(siteId.toLowerCase())?.lifecycle.state() ?? 'idle';
    },
    lastError: (siteId) => workers.get(siteId.toLowerCase())?.log.lastError(),
    containerLog(siteId) {
      const files = workerOf(siteId)
        .log.files()
        .filter(({ isPlatform }) => isPlatform);
      return files
        .flatMap(({ path }) => lastLines(path, containerLogLines))
        .slice(-containerLogLines)
        .join('\n');
    },
    swap,
    containerLogZip(siteId) {
      const files = workerOf(siteId).log.files();
      return files.length === 0 ? undefined : zipLogs(files);
    },
    site: entrance.site,
    siteUpgrade: entrance.siteUpgrade,
    scm: createKudu({
      sites,
      logOf: (siteId) => logAsRead(siteId, workerOf(siteId).log),
      check: createKuduAccess({ entra, access }),
      restart,
      clock,
      logError,
      signal: closing.signal,
    }),
    resume() {
      for (const siteId of sites.all()) {
        const spec = sites.spec(siteId);
        if (spec?.enabled && spec.alwaysOn) void restart(siteId);
      }
    },
    async close() {
      closing.abort(new Error('The App Service worker is closing.'));
      puller.close();
      await Promise.allSettled([...workers.values()].map(({ lifecycle }) => lifecycle.stop()));
      for (const { log } of workers.values()) log.close();
      entrance.close();
    },
  };
}

/** Whether a container made for the one would be the same as for the other. */
const isMadeAlike = (one: SiteSpec, other: SiteSpec) => isDeepStrictEqual(madeOf(one), madeOf(other));
const madeOf = ({ linuxFxVersion, appCommandLine, appSettings }: SiteSpec) => ({
  linuxFxVersion,
  appCommandLine,
  appSettings,
});

/** `hoge-app` or `hoge-app__staging`: site names are unique in all of Azure. */
function logFolder(siteId: string): string {
  const [, site = '', slot] = /\/sites\/([^/]+)(?:\/slots\/([^/]+))?$/i.exec(siteId) ?? [];
  return (slot === undefined ? site : `${site}__${slot}`).toLowerCase();
}
