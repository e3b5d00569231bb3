import type { Route } from '../../resource-manager/route.ts';
import { registryType } from './model.ts';
import { type ContainerRegistryContext, registryPath, requireRegistry } from './registries.ts';
import { limits } from './rules.ts';

/** What a registry holds, against the limits of its tier. */
export function usageRoutes({ resources, storedBytes }: ContainerRegistryContext): Route[] {
  return [
    {
      method: 'GET',
      path: `${registryPath}/listUsages`,
      action: `${registryType}/listUsages/read`,
      handle: (request) => {
        const { body } = requireRegistry(resources, request);
        const { storage, webhooks, replications } = limits[body.sku.name];
        const used = storedBytes(body.properties.loginServer);
        const value = [
          { name: 'Size', limit: storage, currentValue: used, unit: 'Bytes' },
          { name: 'Webhooks', limit: webhooks, currentValue: 0, unit: 'Count' },
          ...(replications
            ? [{ name: 'Geo-replications', limit: replications, currentValue: 0, unit: 'Count' }]
            : []),
        ];
        return { status: 200, body: { value } };
      },
    },
  ];
}
