import { rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Agent } from 'node:https';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Entra } from '../entra/entra.ts';
import type { HttpHandler, UpgradeHandler } from '../http-handler.ts';
import type { Access } from '../resource-manager/access.ts';
import type { Engine, NoEngine } from './engines/engine.ts';
import { createImageStore } from './image-store.ts';
import * as lines from './log-lines.ts';
import { createPuller } from './puller.ts';
import { createScm } from './scm.ts';
import { createScmAccess } from './scm-access.ts';
import type { AppService, SiteDirectory } from './site.ts';
import { createLifecycle, type Lifecycle } from './site-lifecycle.ts';
import { openSiteLog, type SiteLog } from './site-log.ts';
import { applicationError, siteNotFound, siteStopped } from './site-pages.ts';
import { createSiteProxy } from './site-proxy.ts';
import { createSiteStart, type RunningSite, stopContainer } from './site-start.ts';
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
  /** The platform's log of a site, as text: the last lines. */
  containerLog(siteId: string): SiteLog;
  close(): Promise<void>;
}

/** A change of configuration comes as several writes: the start waits this long for the next one. */
const settleMs = 200;

interface Worker {
  log: SiteLog;
  lifecycle: Lifecycle<Instance>;
}
type Instance = RunningSite & { exited: Promise<unknown>; stop(): Promise<void> };

/** The workers: pull images, run containers, and let visitors in. */
export function createAppService(options: AppServiceOptions): AppService & AppServiceHandlers {
  const { sites, engine, clock, dataDir, logError } = options;
  const { localCopies = true } = options;
  const puller = createPuller({ store: createImageStore(join(dataDir, 'worker')), agent: options.agent });
  const start = createSiteStart({ puller, entra: options.entra, engine, clock, localCopies });
  const proxy = createSiteProxy();
  const workers = new Map<string, Worker>();
  const closing = new AbortController();

  function workerOf(siteId: string): Worker {
    const key = siteId.toLowerCase();
    const known = workers.get(key);
    if (known) return known;
    const log = openSiteLog(join(dataDir, 'LogFiles', logFolder(siteId)), clock);
    let sequence = 0;
    const lifecycle = createLifecycle<Instance>({
      clock,
      async start(signal) {
        await clock.sleep(settleMs, signal);
        const spec = sites.spec(siteId);
        if (!spec) throw new StartFailure('The site is gone.');
        try {
          const running = await start(spec, log, sequence++, signal);
          return { ...running, exited: running.container.exited, stop: () => stopContainer(running) };
        } catch (error) {
          if (!signal.aborted && !(error instanceof StartFailure)) {
            logError(`The start of ${siteId} failed`, error);
            log.platform(lines.nothingToRun('the local Azure failed; its own log says why.'));
          }
          throw error;
        }
      },
      onExit({ name }, how) {
        const { code, signal } = how as { code: number | null; signal: string | null };
        log.platform(
          lines.exitedWhileRunning(name, sites.spec(siteId)?.name ?? siteId, `${signal ?? `code ${code}`}`),
        );
      },
    });
    const worker = { log, lifecycle };
    workers.set(key, worker);
    return worker;
  }

  /** The container to send a visitor to; otherwise answers by itself. */
  async function enter(host: string, response: ServerResponse): Promise<Instance | undefined> {
    const siteId = sites.byHost(host);
    const spec = siteId === undefined ? undefined : sites.spec(siteId);
    if (!siteId || !spec) {
      siteNotFound(response);
      return undefined;
    }
    if (!spec.enabled) {
      siteStopped(response);
      return undefined;
    }
    const instance = await workerOf(siteId).lifecycle.wake();
    if (!instance) applicationError(response, scmHostOf(host));
    return instance;
  }

  const site: HttpHandler = (request, response) => {
    enter(request.headers.host ?? '', response)
      .then((instance) => instance && proxy.forward(instance.container.address, request, response))
      .catch((error) => {
        logError('A request to a site failed', error);
        response.destroy();
      });
  };

  const siteUpgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const siteId = sites.byHost(request.headers.host ?? '');
    const spec = siteId === undefined ? undefined : sites.spec(siteId);
    const wake = siteId && spec?.enabled ? workerOf(siteId).lifecycle.wake() : Promise.resolve(undefined);
    wake.then((instance) => {
      if (instance) return proxy.upgrade(instance.container.address, request, socket, head);
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
  };

  return {
    restart(siteId) {
      if (closing.signal.aborted) return;
      if (sites.spec(siteId)?.enabled) workerOf(siteId).lifecycle.restart();
    },
    stop(siteId) {
      const worker = workers.get(siteId.toLowerCase());
      if (!worker) return;
      worker.log.platform(lines.stoppingSite(sites.spec(siteId)?.name ?? siteId));
      worker.lifecycle.stop().catch((error) => logError(`Stopping ${siteId} failed`, error));
    },
    remove(siteId) {
      const worker = workers.get(siteId.toLowerCase());
      workers.delete(siteId.toLowerCase());
      const stopped = worker?.lifecycle.stop() ?? Promise.resolve();
      stopped
        .then(() => {
          worker?.log.close();
          // A site of the same name may have been made meanwhile, and writes to the same folder.
          if (workers.has(siteId.toLowerCase())) return;
          rmSync(join(dataDir, 'LogFiles', logFolder(siteId)), { recursive: true, force: true });
        })
        .catch((error) => logError(`Removing ${siteId} failed`, error));
    },
    state: (siteId) => workers.get(siteId.toLowerCase())?.lifecycle.state() ?? 'stopped',
    site,
    siteUpgrade,
    scm: createScm({
      sites,
      logOf: (siteId) => workerOf(siteId).log,
      check: createScmAccess({ entra: options.entra, access: options.access }),
      clock,
      signal: closing.signal,
    }),
    resume() {
      for (const siteId of sites.all()) {
        const spec = sites.spec(siteId);
        if (spec?.enabled && spec.alwaysOn) workerOf(siteId).lifecycle.restart();
      }
    },
    containerLog: (siteId) => workerOf(siteId).log,
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
