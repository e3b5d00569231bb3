import type { Route } from '../../resource-manager/route.ts';
import { registryType } from './model.ts';
import { type ContainerRegistryContext, registryPath, requireRegistry } from './registries.ts';
import { limits } from './rules.ts';
import { webhookType } from './webhook-model.ts';

/** What a registry holds, against the limits of its tier. */
export function usageRoutes({ resources, storedBytes }: ContainerRegistryContext): Route[] {
  return [
    {
      method: 'GET',
      path: `${registryPath}/listUsages`,
      action: `${registryType}/listUsages/read`,
      handle: (request) => {
        const { id, body } = requireRegistry(resources, request);
        const { storage, webhooks, replications } = limits[body.sku.name];
        const used = storedBytes(body.properties.loginServer);
        const value = [
          { name: 'Size', limit: storage, currentValue: used, unit: 'Bytes' },
          count('Webhooks', webhooks, resources.list(id, webhookType).length),
          // The home is counted, too.
          ...(replications ? [count('Geo-replications', replications, 1)] : []),
        ];
        return { status: 200, body: { value } };
      },
    },
  ];
}

const count = (name: string, limit: number, currentValue: number) => ({
  name,
  limit,
  currentValue,
  unit: 'Count',
});
