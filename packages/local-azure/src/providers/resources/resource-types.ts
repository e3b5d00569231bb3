import type { Route } from '../../resource-manager/route.ts';

export interface ResourceType {
  namespace: string;
  /** Without the namespace, such as `sites/slots`. */
  type: string;
}

/**
 * The resource types of the routes with this method, in the spelling of their paths, by lower-case full type. Those
 * with DELETE are made and deleted; those with GET are all that there are, also ones that come with their parent, such
 * as `sites/config`.
 */
export function resourceTypesOf(
  routes: readonly Route[],
  method: 'DELETE' | 'GET',
): Map<string, ResourceType> {
  const types = new Map<string, ResourceType>();
  for (const { method: own, path } of routes) {
    const [, namespace, rest] = /^\/subscriptions\/.*\/providers\/([\w.]+)\/(.+)$/.exec(path) ?? [];
    const segments = rest?.split('/') ?? [];
    // The last name may be a fixed one: `config/web`.
    const isItem =
      segments.length % 2 === 0 &&
      segments.slice(0, -1).every((segment, i) => segment.startsWith('{') === (i % 2 === 1));
    if (method !== own || !namespace || !isItem) continue;
    const type = segments.filter((_, i) => i % 2 === 0).join('/');
    types.set(`${namespace}/${type}`.toLowerCase(), { namespace, type });
  }
  return types;
}
