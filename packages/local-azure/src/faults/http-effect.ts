import type { Occasion } from './places.ts';

/** A request, as far as faults look at it. */
export interface HttpOccasion extends Occasion {
  method: string;
  /** Without the query. */
  path: string;
  host: string;
  /** The tier of the registry that is asked. */
  sku?: string;
}

/** What befalls a request. */
export type HttpEffect =
  /** It is answered so, and goes no further. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body: string }
  /** It is never answered: the client waits until it gives up. */
  | { kind: 'silence' }
  /** It goes on so much later. */
  | { kind: 'wait'; ms: number }
  /** The body of its answer comes so slowly. */
  | { kind: 'slow'; bytesPerSecond: number }
  /** The connection ends after this share of the body of its answer. */
  | { kind: 'cut'; share: number }
  /** The connection ends so much later, wherever its answer is. */
  | { kind: 'drop'; ms: number };

/** An answer in JSON. */
export const answer = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Extract<HttpEffect, { kind: 'answer' }> => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
});

/** Whether it is a registry, or its data endpoint, that is asked for a blob. */
export const isBlobRead = ({ method, path, host }: HttpOccasion): boolean =>
  method === 'GET' && (host.endsWith('.data.azurecr.io') || /^\/v2\/.+\/blobs\/[^/]+$/.test(path));
