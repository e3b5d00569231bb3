import { tenantDomain } from '../../entra/entra.ts';
import type { ControlAccess } from '../../resource-manager/access.ts';
import { locations } from '../../resource-manager/locations.ts';
import type { Subscription } from '../../resource-manager/resource-manager.ts';
import type { Route } from '../../resource-manager/route.ts';

export function subscriptionRoutes(subscription: Subscription, access: ControlAccess): Route[] {
  const { id: subscriptionId, tenantId, displayName } = subscription;
  const id = `/subscriptions/${subscriptionId}`;
  const body = {
    id,
    subscriptionId,
    tenantId,
    displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
    authorizationSource: 'RoleBased',
    managedByTenants: [],
  };

  return [
    {
      method: 'GET',
      path: '/tenants',
      action: null,
      handle: () => ({
        status: 200,
        body: {
          value: [
            {
              ...{ id: `/tenants/${tenantId}`, tenantId, displayName, tenantCategory: 'Home' },
              ...{ defaultDomain: tenantDomain, domains: [tenantDomain], tenantType: 'AAD' },
            },
          ],
        },
      }),
    },
    {
      // A subscription shows itself to whoever holds any role in it.
      method: 'GET',
      path: '/subscriptions',
      action: null,
      handle: ({ caller }) => ({
        status: 200,
        body: { value: access.allowedBelow(caller.oid, undefined, id) ? [body] : [] },
      }),
    },
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}',
      action: 'Microsoft.Resources/subscriptions/read',
      handle: () => ({ status: 200, body }),
    },
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/locations',
      action: 'Microsoft.Resources/subscriptions/locations/read',
      handle: () => ({
        status: 200,
        body: {
          value: locations.map(({ name, displayName, geographyGroup }) => ({
            id: `${id}/locations/${name}`,
            name,
            type: 'Region',
            displayName,
            regionalDisplayName: `(${geographyGroup}) ${displayName}`,
            metadata: { regionType: 'Physical', regionCategory: 'Recommended', geographyGroup },
          })),
        },
      }),
    },
  ];
}
