import { AzureError, resourceNamespaceNotFound } from './azure-error.ts';
import type { Route } from './route.ts';

/** Says why no route answers, in Azure's words. */
export function createUnroutable(routes: readonly Route[]) {
  const namespaces = new Set(
    routes.flatMap(({ path }) =>
      [...path.matchAll(/\/providers\/([\w.]+)/g)].map((m) => m[1]!.toLowerCase()),
    ),
  );

  return {
    /** The path exists, and this method does not. */
    method: (method: string, path: string, allowed: readonly string[]): AzureError =>
      new AzureError(
        405,
        'MethodNotAllowed',
        `The HTTP method '${method}' is not supported on the resource '${path}'.`,
        { allow: allowed.join(', ') },
      ),

    path(segments: readonly string[], apiVersion: string): AzureError {
      const provider = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
      if (provider === -1 && segments[0]?.toLowerCase() !== 'subscriptions') {
        return new AzureError(
          404,
          'MissingSubscription',
          'The request did not have a subscription or a valid tenant level resource provider.',
        );
      }
      const namespace = provider === -1 ? 'Microsoft.Resources' : (segments[provider + 1] ?? '');
      if (provider !== -1 && !namespaces.has(namespace.toLowerCase())) {
        return resourceNamespaceNotFound(namespace);
      }
      const from = provider === -1 ? 2 : provider + 2;
      const type = segments
        .slice(from)
        .filter((_, i) => i % 2 === 0)
        .join('/');
      return new AzureError(
        404,
        'InvalidResourceType',
        `The resource type '${type}' could not be found in the namespace '${namespace}' ` +
          `for api version '${apiVersion}'.`,
      );
    },
  };
}
