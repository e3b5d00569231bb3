import type { Claims } from '../entra/entra.ts';

/**
 * One operation of Resource Manager. A provider is a list of these; the router, the api-version rule and the
 * RBAC gate read them as data, so that no operation can forget its permission.
 */
export interface Route {
  method: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /**
   * The path as Azure's specification writes it, matched without case:
   * `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Web/sites/{name}`.
   * A leading `/{scope}` stands for any resource id.
   */
  path: string;
  /**
   * What the caller must be allowed to do at the path, such as `Microsoft.Web/sites/write`. Null where any signed-in
   * caller may ask, and the handler answers with what this one may see.
   */
  action: string | null;
  /** What the caller must be allowed besides at other resources, which the body names, such as an identity to attach. */
  linkedActions?(body: unknown): LinkedAction[];
  handle(request: ArmRequest): ArmResponse | Promise<ArmResponse>;
}

export interface LinkedAction {
  action: string;
  /** The id of the resource that the body names, as it is spelled there. */
  scope: string;
}

export interface ArmRequest {
  method: Route['method'];
  /** The request's path without the query, in the caller's spelling, URL-decoded. */
  path: string;
  /** The values of the path's `{parameters}`, URL-decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** Parsed JSON; undefined when the request had no body. */
  body: unknown;
  apiVersion: string;
  caller: Claims;
}

export interface ArmResponse {
  status: number;
  /** A JSON value; a string or a stream goes out as it is, with the content type that `headers` give. */
  body?: unknown;
  headers?: Record<string, string>;
}
