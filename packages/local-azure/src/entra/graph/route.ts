import type { Directory } from '../directory/directory.ts';
import type { Claims } from '../entra.ts';

/** One operation of Microsoft Graph. */
export interface GraphRoute {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the version, such as `/users/:id`. */
  path: string;
  /** Of a POST that changes nothing. Everybody in the tenant may read; directory admins alone may write. */
  isRead?: true;
  handle(request: GraphRequest): GraphResponse | Promise<GraphResponse>;
}

export interface GraphRequest {
  params: Record<string, string>;
  query: URLSearchParams;
  /** The parsed JSON; undefined when the request had no body. */
  body: unknown;
  caller: Claims;
  /** The whole address, for links to what comes next. */
  url: string;
}

export interface GraphResponse {
  status: 200 | 201 | 204;
  /** What the body is, such as `users/$entity`. */
  context?: string;
  body?: Record<string, unknown>;
}

export interface GraphContext {
  directory: Directory;
}
