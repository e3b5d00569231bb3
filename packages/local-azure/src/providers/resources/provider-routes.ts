import { resourceNamespaceNotFound } from '../../resource-manager/azure-error.ts';
import { locations } from '../../resource-manager/locations.ts';
import type { Route } from '../../resource-manager/route.ts';
import { apiVersions } from './api-versions.ts';
import type { ResourceType } from './resource-types.ts';

/** The resource providers of the subscription. All are registered: there is nothing here that registration would do. */
export function providerRoutes(subscriptionId: string, types: Iterable<ResourceType>): Route[] {
  const resourceTypes = [...types];
  const providers = Object.entries(apiVersions).map(([namespace, versions]) => ({
    id: `/subscriptions/${subscriptionId}/providers/${namespace}`,
    namespace,
    registrationState: 'Registered',
    registrationPolicy: 'RegistrationRequired',
    resourceTypes: resourceTypes
      .filter((one) => one.namespace === namespace)
      .map(({ type }) => ({
        resourceType: type,
        locations: locations.map(({ displayName }) => displayName),
        apiVersions: versions,
        defaultApiVersion: versions[0],
        capabilities: 'SupportsTags, SupportsLocation',
      })),
  }));
  const list = '/subscriptions/{subscriptionId}/providers';

  return [
    {
      method: 'GET',
      path: list,
      action: 'Microsoft.Resources/subscriptions/providers/read',
      handle: () => ({ status: 200, body: { value: providers } }),
    },
    {
      method: 'GET',
      path: `${list}/{resourceProviderNamespace}`,
      action: 'Microsoft.Resources/subscriptions/providers/read',
      handle: ({ params }) => {
        const namespace = params.resourceProviderNamespace!;
        const found = providers.find((one) => one.namespace.toLowerCase() === namespace.toLowerCase());
        if (!found) throw resourceNamespaceNotFound(namespace);
        return { status: 200, body: found };
      },
    },
    ...providers.map(
      (provider): Route => ({
        method: 'POST',
        path: `${list}/${provider.namespace}/register`,
        action: `${provider.namespace}/register/action`,
        handle: () => ({ status: 200, body: provider }),
      }),
    ),
  ];
}
