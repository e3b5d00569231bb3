import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { HttpHandler, UpgradeHandler } from '../http-handler.ts';
import type { SiteDirectory } from './site.ts';
import type { SiteInstance } from './site-instance.ts';
import type { Lifecycle } from './site-lifecycle.ts';
import { applicationError, gatewayTimeout, siteNotFound, siteStopped } from './site-pages.ts';
import { createSiteProxy, longestSilenceMs } from './site-proxy.ts';
import { chooseRoute } from './traffic-routing.ts';

export interface EntranceOptions {
  sites: SiteDirectory;
  lifecycleOf(siteId: string): Lifecycle<SiteInstance>;
  clock: Clock;
  logError(message: string, error: unknown): void;
}

type Entrance =
  | { instance: SiteInstance; setCookie: string | undefined }
  | { page(response: ServerResponse): void };

/** The front end that visitors meet: it leads them to a container, and lets them wait while one starts. */
export function createSiteEntrance({ sites, lifecycleOf, clock, logError }: EntranceOptions) {
  const proxy = createSiteProxy();

  /** Where a visitor is led: to a container, or to the page that says why there is none. */
  async function enter({ headers: { host = '', cookie }, url }: IncomingMessage): Promise<Entrance> {
    const entered = sites.byHost(host);
    const spec = entered === undefined ? undefined : sites.spec(entered);
    if (!entered || !spec) return { page: siteNotFound };
    if (!spec.enabled) return { page: siteStopped };
    const { siteId = entered, setCookie } = chooseRoute(spec.rampUpRules, { url, cookie }, Math.random);
    if (siteId !== entered && !sites.spec(siteId)?.enabled) return { page: siteStopped };
    const instance = await wake(siteId);
    if (instance === 'late') return { page: gatewayTimeout };
    if (instance) return { instance, setCookie };
    const stopped = sites.spec(siteId)?.enabled === false;
    return { page: stopped ? siteStopped : (response) => applicationError(response, scmHostOf(host)) };
  }

  /** Waits for a start as long as a request may be silent. */
  async function wake(siteId: string): Promise<SiteInstance | 'late' | undefined> {
    const over = new AbortController();
    const late = clock.sleep(longestSilenceMs, over.signal).then(
      () => 'late' as const,
      () => undefined,
    );
    try {
      return await Promise.race([lifecycleOf(siteId).wake(), late]);
    } finally {
      over.abort();
    }
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

  const siteUpgrade: UpgradeHandler = (request: IncomingMessage, socket: Socket, head: Buffer) => {
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

  return { site, siteUpgrade, close: proxy.close };
}

const scmHostOf = (host: string) => host.replace(/\.azurewebsites\.net$/, '.scm.azurewebsites.net');
