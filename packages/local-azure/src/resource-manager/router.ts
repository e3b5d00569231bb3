import { parseResourceId, tenantScope } from './resource-id.ts';
import type { Route } from './route.ts';

export interface Match {
  route: Route;
  params: Record<string, string>;
}

/** A path is known, is known for other methods, or is unknown. */
export type Routing = Match | { methods: Route['method'][] } | undefined;

export interface Router {
  /** `segments` are the decoded, non-empty parts of the path. */
  find(method: Route['method'], segments: readonly string[]): Routing;
}

interface Node {
  literals: Map<string, Node>;
  parameter?: Node;
  endpoints: Map<Route['method'], Endpoint>;
}

interface Endpoint {
  route: Route;
  /** Names of the path's parameters, in order. */
  names: string[];
}

const newNode = (): Node => ({ literals: new Map(), endpoints: new Map() });
const scopePrefix = '/{scope}';

/**
 * Compiles all path templates into a tree for absolute paths and one for those below any scope. Literals are
 * matched without case, and win over parameters.
 */
export function createRouter(routes: readonly Route[]): Router {
  const absolute = newNode();
  const scoped = newNode();
  for (const route of routes) {
    if (route.path.startsWith(`${scopePrefix}/`)) insert(scoped, route, route.path.slice(scopePrefix.length));
    else insert(absolute, route, route.path);
  }

  return {
    find(method, segments) {
      const found = lookUp(absolute, segments);
      if (found) return toRouting(found, method, {});
      // An extension's path can stand below another extension: the last `providers` is the route's own.
      for (let at = segments.length - 1; at >= 0; at--) {
        if (segments[at]?.toLowerCase() !== 'providers') continue;
        const below = lookUp(scoped, segments.slice(at));
        const scope = at === 0 ? tenantScope : `/${segments.slice(0, at).join('/')}`;
        if (below && parseResourceId(scope)) return toRouting(below, method, { scope });
      }
      return undefined;
    },
  };
}

function insert(root: Node, route: Route, path: string): void {
  let node = root;
  const names: string[] = [];
  for (const segment of path.split('/').filter(Boolean)) {
    const parameter = /^\{(.+)\}$/.exec(segment)?.[1];
    if (parameter) {
      names.push(parameter);
      node.parameter ??= newNode();
      node = node.parameter;
    } else {
      const key = segment.toLowerCase();
      const next = node.literals.get(key) ?? newNode();
      node.literals.set(key, next);
      node = next;
    }
  }
  if (node.endpoints.has(route.method)) throw new Error(`Two routes for ${route.method} ${route.path}`);
  node.endpoints.set(route.method, { route, names });
}

interface Found {
  endpoints: Node['endpoints'];
  values: string[];
}

function lookUp(node: Node, segments: readonly string[]): Found | undefined {
  const [segment, ...rest] = segments;
  if (segment === undefined)
    return node.endpoints.size ? { endpoints: node.endpoints, values: [] } : undefined;
  const literal = node.literals.get(segment.toLowerCase());
  const found = literal && lookUp(literal, rest);
  if (found) return found;
  const below = node.parameter && lookUp(node.parameter, rest);
  return below && { endpoints: below.endpoints, values: [segment, ...below.values] };
}

function toRouting({ endpoints, values }: Found, method: Route['method'], params: Match['params']): Routing {
  // A HEAD without a route of its own is the GET without its body.
  const endpoint = endpoints.get(method) ?? (method === 'HEAD' ? endpoints.get('GET') : undefined);
  if (!endpoint) return { methods: [...endpoints.keys()] };
  const named = endpoint.names.map((name, i) => [name, values[i]!]);
  return { route: endpoint.route, params: { ...params, ...Object.fromEntries(named) } };
}
