import { apiVersionsOf, namespaces } from '../../resource-manager/api-versions.ts';
import { resourceNamespaceNotFound } from '../../resource-manager/azure-error.ts';
import { locations } from '../../resource-manager/locations.ts';
import {
  providerType,
  type RegistrationState,
  registrationId,
  registrationState,
} from '../../resource-manager/provider-registration.ts';
import { sameId } from '../../resource-manager/resource-id.ts';
import type { Route } from '../../resource-manager/route.ts';
import type { Resources } from '../../store/resources.ts';
import { providerInUse } from './errors.ts';
import type { ResourceType } from './resource-types.ts';

const list = '/subscriptions/{subscriptionId}/providers';

/** The resource providers, and whether the subscription is registered for them. */
export function providerRoutes(
  subscriptionId: string,
  resources: Resources,
  types: ReadonlyMap<string, ResourceType>,
): Route[] {
  const describe = (namespace: string) => ({
    namespace,
    resourceTypes: [...types.values()]
      .filter((one) => one.namespace === namespace)
      .map(({ type }) => {
        const apiVersions = apiVersionsOf(namespace, type)!;
        return {
          resourceType: type,
          locations: locations.map(({ displayName }) => displayName),
          apiVersions,
          defaultApiVersion: apiVersions.find((version) => !version.includes('preview')),
          capabilities: 'SupportsTags, SupportsLocation',
        };
      }),
  });
  const show = (namespace: string) => {
    const id = registrationId(subscriptionId, namespace);
    return {
      id,
      ...describe(namespace),
      registrationState: registrationState(resources, id),
      registrationPolicy: 'RegistrationRequired',
    };
  };

  const find = (namespace: string): string => {
    const found = namespaces.find((one) => sameId(one, namespace));
    if (!found) throw resourceNamespaceNotFound(namespace);
    return found;
  };

  function register(namespace: string, state: RegistrationState) {
    const id = registrationId(subscriptionId, namespace);
    if (state === 'Unregistered') {
      const served = [...types].filter(([, type]) => type.namespace === namespace).map(([key]) => key);
      const used = resources.list(`/subscriptions/${subscriptionId}`, served, { limit: 1 });
      if (used.length > 0) throw providerInUse(namespace);
    }
    resources.put(id, providerType, { properties: { registrationState: state } });
    return { status: 200, body: show(namespace) };
  }

  return [
    {
      method: 'GET',
      path: '/providers',
      action: null,
      handle: () => ({ status: 200, body: { value: namespaces.map(describe) } }),
    },
    {
      method: 'GET',
      path: list,
      action: 'Microsoft.Resources/subscriptions/providers/read',
      handle: () => ({ status: 200, body: { value: namespaces.map(show) } }),
    },
    {
      method: 'GET',
      path: `${list}/{resourceProviderNamespace}`,
      action: 'Microsoft.Resources/subscriptions/providers/read',
      handle: ({ params }) => ({ status: 200, body: show(find(params.resourceProviderNamespace!)) }),
    },
    ...namespaces.flatMap((namespace): Route[] => [
      {
        method: 'POST',
        path: `${list}/${namespace}/register`,
        action: `${namespace}/register/action`,
        handle: () => register(namespace, 'Registered'),
      },
      {
        method: 'POST',
        path: `${list}/${namespace}/unregister`,
        action: `${namespace}/unregister/action`,
        handle: () => register(namespace, 'Unregistered'),
      },
    ]),
  ];
}
