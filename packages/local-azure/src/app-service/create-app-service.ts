import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Agent } from 'node:https';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Entra } from '../entra/entra.ts';
import type { HttpHandler, UpgradeHandler } from '../http-handler.ts';
import type { Access } from '../resource-manager/access.ts';
import type { ContainerExit, Engine, NoEngine } from './engines/engine.ts';
import { createImageStore } from './image-store.ts';
import { createKuduAccess } from './kudu/access.ts';
import { createKudu } from './kudu/kudu.ts';
import { nothingToRun } from './log/remarks.ts';
import { lastLines, openSiteLog, type SiteLog } from './log/site-log.ts';
import { type WorkerGeneration, workerLogs } from './log/worker-logs.ts';
import { zipLogs } from './log/zip-logs.ts';
import { createPuller } from './puller.ts';
import type { AppService, SiteDirectory, SiteSpec } from './site.ts';
import { type SiteInstance, type SiteWorker, startInstance } from './site-instance.ts';
import { createLifecycle } from './site-lifecycle.ts';
import { applicationError, siteNotFound, siteStopped } from './site-pages.ts';
import { createSiteProxy } from './site-proxy.ts';
import { createSiteStart } from './site-start.ts';
import { createSiteSwap } from './site-swap.ts';
import { StartFailure } from './start-failure.ts';
import { chooseRoute } from './traffic-routing.ts';

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

type Entrance =
  | { instance: SiteInstance; setCookie: string | undefined }
  | { page(response: ServerResponse): void };

/** The workers: pull images, run containers, and let visitors in. */
export function createAppService(options: AppServiceOptions): AppService & AppServiceHandlers {
  const { sites, engine, clock, dataDir, logError } = options;
  const { localCopies = true, logAsRead = (_, log) => log } = options;
  const workerLog = workerLogs[options.workerLog ?? 'old'];
  const puller = createPuller({ store: createImageStore(join(dataDir, 'worker')), agent: options.agent });
  const start = createSiteStart({ puller, entra: options.entra, engine, clock, localCopies });
  const proxy = createSiteProxy();
  const workers = new Map<string, SiteWorker>();
  const closing = new AbortController();

  function workerOf(siteId: string): SiteWorker {
    const key = siteId.toLowerCase();
    const known = workers.get(key);
    if (known) return known;
    const log = openSiteLog({ dir: join(dataDir, 'LogFiles', logFolder(siteId)), clock, worker: workerLog });
    const spec = sites.spec(siteId);
    if (spec) log.configure(spec.containerLogging);
    let sequence = 0;
    const startSite = (spec: SiteSpec, signal: AbortSignal) =>
      startInstance(start, spec, log, sequence++, signal);
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
    });
    const worker = { log, lifecycle, start: startSite };
    workers.set(key, worker);
    return worker;
  }

  const swap = createSiteSwap({ sites, workerOf, clock, signal: closing.signal, logError });

  /** Where a visitor is led: to a container, or to the page that says why there is none. */
  async function enter({ headers: { host = '', cookie }, url }: IncomingMessage): Promise<Entrance> {
    const entered = sites.byHost(host);
    const spec = entered === undefined ? undefined : sites.spec(entered);
    if (!entered || !spec) return { page: siteNotFound };
    if (!spec.enabled) return { page: siteStopped };
    const { siteId = entered, setCookie } = chooseRoute(spec.rampUpRules, { url, cookie }, Math.random);
    if (siteId !== entered && !sites.spec(siteId)?.enabled) return { page: siteStopped };
    const instance = await workerOf(siteId).lifecycle.wake();
    if (!instance) return { page: (response) => applicationError(response, scmHostOf(host)) };
    return { instance, setCookie };
  }

  const site: HttpHandler = (request, response) => {
    enter(request)
      .then((entrance) => {
        if ('page' in entrance) return entrance.page(response);
        const { instance, setCookie } = entrance;
        instance.visitors.enter(response);
        proxy.forward(instance.container.address, request, response, setCookie);
      })
      .catch((error) => {
        logError(`A request to ${request.headers.host} failed`, error);
        response.destroy();
      });
  };

  const siteUpgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => {
    enter(request)
      .then((entrance) => {
        if ('page' in entrance) {
          socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
          return;
        }
        entrance.instance.visitors.enter(socket);
        proxy.upgrade(entrance.instance.container.address, request, socket, head);
      })
      .catch((error) => {
        logError(`An upgrade at ${request.headers.host} failed`, error);
        socket.destroy();
      });
  };

  function restart(siteId: string): void {
    if (closing.signal.aborted) return;
    if (sites.spec(siteId)?.enabled) workerOf(siteId).lifecycle.restart();
  }

  return {
    restart,
    stop(siteId) {
      const worker = workers.get(siteId.toLowerCase());
      if (!worker) return;
      worker.log.platform({ kind: 'stopping', site: sites.spec(siteId)?.name ?? siteId });
      worker.lifecycle.stop().catch((error) => logError(`Stopping ${siteId} failed`, error));
    },
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
    state: (siteId) => workers.get(siteId.toLowerCase())?.lifecycle.state() ?? 'stopped',
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
    site,
    siteUpgrade,
    scm: createKudu({
      sites,
      logOf: (siteId) => logAsRead(siteId, workerOf(siteId).log),
      check: createKuduAccess({ entra: options.entra, access: options.access }),
      restart,
      clock,
      logError,
      signal: closing.signal,
    }),
    resume() {
      for (const siteId of sites.all()) {
        const spec = sites.spec(siteId);
        if (spec?.enabled && spec.alwaysOn) workerOf(siteId).lifecycle.restart();
      }
    },
    async close() {
      closing.abort(new Error('The App Service worker is closing.'));
      puller.close();
      await Promise.allSettled([...workers.values()].map(({ lifecycle }) => lifecycle.stop()));
      for (const { log } of workers.values()) log.close();
      proxy.close();
    },
  };
}

const scmHostOf = (host: string) => host.replace(/\.azurewebsites\.net$/, '.scm.azurewebsites.net');

/** `hoge-app` or `hoge-app__staging`: site names are unique in all of Azure. */
function logFolder(siteId: string): string {
  const [, site = '', slot] = /\/sites\/([^/]+)(?:\/slots\/([^/]+))?$/i.exec(siteId) ?? [];
  return (slot === undefined ? site : `${site}__${slot}`).toLowerCase();
}
