import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { HttpHandler } from '../../http-handler.ts';
import type { SiteLog } from '../log/site-log.ts';
import type { SiteDirectory } from '../site.ts';
import { siteNotFound } from '../site-pages.ts';
import type { KuduAccess } from './access.ts';
import { deploymentRoutes } from './deployments.ts';
import { dockerHookRoutes } from './docker-hook.ts';
import { logDownloadRoutes } from './log-downloads.ts';
import { logStreamRoute } from './log-stream.ts';
import { type KuduRoute, text } from './route.ts';
import { vfsRoutes } from './vfs.ts';

export interface KuduOptions {
  sites: SiteDirectory;
  logOf(siteId: string): SiteLog;
  check: KuduAccess;
  /** Pulls the image anew and starts it. */
  restart(siteId: string): void;
  clock: Clock;
  /** Told of faults of this program itself. */
  logError(message: string, error: unknown): void;
  /** Ends streams when the worker closes. */
  signal: AbortSignal;
}

/** Kudu, as much of it as serves a container's site: logs and the webhook. Serves `<site>.scm.azurewebsites.net`. */
export function createKudu(options: KuduOptions): HttpHandler {
  const { sites, logOf, check, logError } = options;
  const routes: KuduRoute[] = [
    logStreamRoute(options),
    ...logDownloadRoutes(options),
    ...vfsRoutes,
    ...dockerHookRoutes(options),
    ...deploymentRoutes,
    { methods: ['GET'], path: /^\/$/, handle: ({ response, siteId }) => welcome(response, siteId) },
  ];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const siteId = sites.byHost(request.headers.host ?? '');
    if (!siteId) return siteNotFound(response);
    const verdict = await check(request.headers.authorization, siteId, sites.publishing(siteId));
    if (verdict === 'unauthorized') {
      return text(response, 401, '401 - Unauthorized: Access is denied due to invalid credentials.', {
        'www-authenticate': `Basic realm="${request.headers.host}"`,
      });
    }
    if (verdict === 'forbidden') return text(response, 403, 'Forbidden');

    const [path = ''] = (request.url ?? '/').split('?');
    for (const { methods, path: pattern, handle } of routes) {
      const match = pattern.exec(path);
      if (!match || (methods && !methods.includes(request.method ?? ''))) continue;
      return handle({ request, response, siteId, log: logOf(siteId), groups: match.groups ?? {} });
    }
    // Source: Azure-App-Service/KuduLite Kudu.Services/Error404Controller.cs
    text(
      response,
      404,
      `No route registered for '${path}'. The local Azure's Kudu has logs and the webhook alone.`,
    );
  }

  return (request, response) => {
    // No operation here reads a body; whatever comes is let pass.
    request.resume();
    handle(request, response).catch((error) => {
      logError(`A request to ${request.headers.host} failed`, error);
      response.destroy();
    });
  };
}

function welcome(response: ServerResponse, siteId: string): void {
  const addresses = ['/api/logstream', '/api/logs/docker', '/api/logs/docker/zip', '/api/dump', '/api/vfs/'];
  text(response, 200, `Kudu of ${siteId}\n\n${addresses.map((address) => `GET ${address}`).join('\n')}`);
}
