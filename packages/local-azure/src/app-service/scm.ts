import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { HttpHandler } from '../http-handler.ts';
import { streamLog } from './log-stream.ts';
import type { ScmVerdict } from './scm-access.ts';
import type { SiteDirectory } from './site.ts';
import type { SiteLog } from './site-log.ts';
import { siteNotFound } from './site-pages.ts';

export interface ScmOptions {
  sites: SiteDirectory;
  logOf(siteId: string): SiteLog;
  check(
    authorization: string | undefined,
    siteId: string,
    publishing: ReturnType<SiteDirectory['publishing']>,
  ): Promise<ScmVerdict>;
  clock: Clock;
  /** Told of faults of this program itself. */
  logError(message: string, error: unknown): void;
  /** Ends streams when the worker closes. */
  signal: AbortSignal;
}

type Room = (request: IncomingMessage, response: ServerResponse, siteId: string, rest: string) => unknown;

/** Kudu, as much of it as reads logs. Serves `<site>.scm.azurewebsites.net`. */
export function createScm({ sites, logOf, check, clock, logError, signal }: ScmOptions): HttpHandler {
  const rooms: [RegExp, Room][] = [
    [/^\/(?:api\/)?logstream(?:\/.*)?$/i, stream],
    [/^\/api\/logs\/docker\/?$/i, listLogs],
    [/^\/api\/vfs\/logfiles\/([^/]+)$/i, readLog],
    [/^\/$/, welcome],
  ];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const siteId = sites.byHost(request.headers.host ?? '');
    if (!siteId) return siteNotFound(response);
    const verdict = await check(request.headers.authorization, siteId, sites.publishing(siteId));
    if (verdict === 'unauthorized') {
      const challenge = `Basic realm="${request.headers.host}"`;
      return text(
        response,
        401,
        '401 - Unauthorized: Access is denied due to invalid credentials.',
        challenge,
      );
    }
    if (verdict === 'forbidden') return text(response, 403, 'Forbidden');
    const { pathname } = new URL(request.url ?? '/', 'http://scm');
    for (const [pattern, room] of rooms) {
      const match = pattern.exec(pathname);
      if (!match) continue;
      if (request.method !== 'GET') return text(response, 405, 'This address answers to GET only.');
      await room(request, response, siteId, match[1] ?? '');
      return;
    }
    text(response, 404, `The local Azure's Kudu does not have ${pathname}.`);
  }

  function stream(request: IncomingMessage, response: ServerResponse, siteId: string) {
    const settings = sites.spec(siteId)?.appSettings ?? {};
    return streamLog(request, response, {
      log: logOf(siteId),
      scmHost: request.headers.host!,
      clock,
      settings,
      signal,
    });
  }

  /** Source: Azure-App-Service/KuduLite Kudu.Services/Diagnostics/DiagnosticsController.cs */
  function listLogs(request: IncomingMessage, response: ServerResponse, siteId: string) {
    const body = logOf(siteId)
      .files()
      .map(({ name, size, modifiedOn }) => ({
        machineName: name.replace(/^\d{4}_\d\d_\d\d_/, '').replace(/(_default)?_docker.*$/, ''),
        lastUpdated: new Date(modifiedOn).toISOString(),
        size,
        href: `https://${request.headers.host}/api/vfs/LogFiles/${name}`,
        path: `/home/LogFiles/${name}`,
      }));
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
  }

  function readLog(_request: IncomingMessage, response: ServerResponse, siteId: string, name: string) {
    const file = logOf(siteId)
      .files()
      .find((one) => one.name === name);
    if (!file) return text(response, 404, `There is no log file ${name}.`);
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    pipeline(createReadStream(file.path), response, () => {});
  }

  function welcome(_request: IncomingMessage, response: ServerResponse, siteId: string) {
    text(response, 200, `Kudu of ${siteId}\n\nGET /api/logstream\nGET /api/logs/docker`);
  }

  return (request, response) => {
    request.resume();
    handle(request, response).catch((error) => {
      logError(`A request to ${request.headers.host} failed`, error);
      response.destroy();
    });
  };
}

function text(response: ServerResponse, status: number, body: string, challenge?: string): void {
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  response
    .writeHead(status, challenge ? { ...headers, 'www-authenticate': challenge } : headers)
    .end(`${body}\n`);
}
