import type { Route } from '../../resource-manager/route.ts';

export interface ResourceType {
  namespace: string;
  /** Without the namespace, such as `sites/slots`. */
  type: string;
}

/** The resource types that the routes make and delete, in the spelling of their paths, by lower-case full type. */
export function resourceTypesOf(routes: readonly Route[]): Map<string, ResourceType> {
  const types = new Map<string, ResourceType>();
  for (const { method, path } of routes) {
    const [, namespace, rest] = /^\/subscriptions\/.*\/providers\/([\w.]+)\/(.+)$/.exec(path) ?? [];
    const segments = rest?.split('/') ?? [];
    const isItem = segments.length % 2 === 0 && segments.every((s, i) => /^\{/.test(s) === (i % 2 === 1));
    if (method !== 'DELETE' || !namespace || !isItem) continue;
    const type = segments.filter((_, i) => i % 2 === 0).join('/');
    types.set(`${namespace}/${type}`.toLowerCase(), { namespace, type });
  }
  return types;
}
