import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Credential } from './authenticate.ts';
import type { BlobStore } from './blob-store.ts';
import type { Content, Place } from './content.ts';
import type { Repository } from './names.ts';
import type { RegistryEvent } from './registry-events.ts';
import type { RegistryFacts } from './registry-facts.ts';
import type { Route } from './route.ts';

/** What a handler gets: the request of somebody who has been found to be allowed to make it. */
export interface RegistryRequest<R extends Route = Route> {
  route: R;
  query: URLSearchParams;
  facts: RegistryFacts;
  /** Absent where an operation asks for no credential. */
  caller: Credential | undefined;
  request: IncomingMessage;
  response: ServerResponse;
}

/** What all handlers share. */
export interface Stores {
  content: Content;
  blobs: BlobStore;
  /** Tells of a change. To be called when it is kept and answered; never throws. */
  emit(event: RegistryEvent): void;
}

export type RouteOf<Kind extends Route['kind']> = Extract<Route, { kind: Kind }>;

export const placeOf = ({
  facts,
  route,
}: RegistryRequest<Extract<Route, { repository: Repository }>>): Place => ({
  registry: facts.loginServer,
  repository: route.repository,
});

export function sendEmpty(
  response: ServerResponse,
  status: number,
  headers: Record<string, string> = {},
): void {
  // RFC 9110, section 8.6: a 204 has no Content-Length.
  response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': 0 }).end();
}

export function sendJson(
  response: ServerResponse,
  body: unknown,
  headers: Record<string, string | undefined> = {},
  status = 200,
): void {
  const text = JSON.stringify(body);
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    ...Object.fromEntries(given),
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
