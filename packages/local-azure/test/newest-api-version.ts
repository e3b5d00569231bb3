import { apiVersionsOf } from '../src/resource-manager/api-versions.ts';

/** The newest api-version of what a path of Resource Manager names. */
export function newestApiVersion(path: string): string {
  const [, namespace = 'Microsoft.Resources', type] =
    /.*\/providers\/([^/?]+)\/(?!(?:un)?register)([^?]+)/i.exec(path) ?? [];
  return (apiVersionsOf(namespace, type) ?? apiVersionsOf('Microsoft.Resources'))![0]!;
}
