import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import type { LogFile } from '../log/site-log.ts';
import { json, type KuduRequest, type KuduRoute, text } from './route.ts';

const route = (below: RegExp, handle: KuduRoute['handle'], methods = ['GET', 'HEAD']): KuduRoute => ({
  methods,
  path: new RegExp(`^/(?:api/)?vfs/${below.source}$`),
  handle,
});

/**
 * Kudu's file system, of which a container's site has the log files alone. A name is compared with those of the files
 * that there are, and never made part of a path.
 * Source: Azure-App-Service/KuduLite Kudu.Services/Infrastructure/VfsControllerBase.cs, Editor/VfsController.cs
 */
export const vfsRoutes: KuduRoute[] = [
  route(/LogFiles/, (request) => redirect(request, (path) => `${path}/`)),
  route(/LogFiles\//, ({ request, response, log }) =>
    json(
      response,
      log.files().map((file) => entryOf(file, request.headers.host)),
    ),
  ),
  route(/LogFiles\/(?<name>[^/]+)/, (request) => {
    const file = fileOf(request);
    return file ? sendFile(request, file) : notFound(request);
  }),
  route(/LogFiles\/(?<name>[^/]+)\//, (request) =>
    fileOf(request) ? redirect(request, (path) => path.replace(/\/+$/, '')) : notFound(request),
  ),
  route(/.*/, (request) => notFound(request)),
  route(
    /.*/,
    ({ response }) =>
      text(response, 501, "The local Azure's Kudu does not write or delete files: logs are the worker's."),
    ['PUT', 'DELETE'],
  ),
];

const fileOf = ({ log, groups }: KuduRequest): LogFile | undefined =>
  log.files().find(({ name }) => name === groups.name);

const notFound = ({ request, response }: KuduRequest) =>
  text(response, 404, `'${request.url?.replace(/^\/(?:api\/)?vfs/, '/home').split('?')[0]}' not found.`);

function redirect({ request, response }: KuduRequest, change: (path: string) => string): void {
  const [path = '', query] = (request.url ?? '').split('?');
  const location = `https://${request.headers.host}${change(path)}${query === undefined ? '' : `?${query}`}`;
  response.writeHead(307, { location }).end();
}

function entryOf({ name, size, createdOn, modifiedOn }: LogFile, host: string | undefined) {
  const time = (milliseconds: number) => new Date(milliseconds).toISOString().replace('Z', '+00:00');
  return {
    name,
    size,
    mtime: time(modifiedOn),
    crtime: time(createdOn),
    mime: 'text/plain',
    href: `https://${host}/api/vfs/LogFiles/${name}`,
    path: `/home/LogFiles/${name}`,
  };
}

function sendFile({ request, response }: KuduRequest, file: LogFile): void {
  const etag = etagOf(file);
  const headers = { etag, 'last-modified': new Date(file.modifiedOn).toUTCString() };
  if (request.headers['if-none-match']?.includes(etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/plain; charset=utf-8',
    'content-length': file.size,
  });
  if (request.method === 'HEAD' || file.size === 0) {
    response.end();
    return;
  }
  // A file that grows meanwhile ends where it ended. A reader that goes before the end is no fault.
  pipeline(createReadStream(file.path, { end: file.size - 1 }), response, () => {});
}

/** The time of the last change in .NET's ticks, 100 ns since the year 1, as eight bytes in hex. */
function etagOf({ modifiedOn }: LogFile): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(Math.round(modifiedOn * 10_000)) + 621_355_968_000_000_000n);
  return `"${bytes.toString('hex')}"`;
}
