import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SiteLog } from '../log/site-log.ts';

/** One address of Kudu. Where Kudu has a path below `/api` and at the root, so has the pattern. */
export interface KuduRoute {
  /** Absent: any. With another one, the address does not exist, as in Kudu. */
  methods?: readonly string[];
  path: RegExp;
  handle(request: KuduRequest): void | Promise<void>;
}

export interface KuduRequest {
  request: IncomingMessage;
  response: ServerResponse;
  siteId: string;
  log: SiteLog;
  /** What the pattern's groups found, as it was sent. */
  groups: Record<string, string | undefined>;
}

export function text(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${body}\n`);
}

export function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
