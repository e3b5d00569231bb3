import type { Route } from '../../resource-manager/route.ts';
import { absentRoutes } from './absent-routes.ts';
import { adminUserRoutes } from './admin-user-routes.ts';
import { importRoutes } from './import-routes.ts';
import type { ContainerRegistryContext } from './registries.ts';
import { registryRoutes } from './registry-routes.ts';
import { scopeMapRoutes } from './scope-map-routes.ts';
import { tokenRoutes } from './token-routes.ts';
import { usageRoutes } from './usage-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** `Microsoft.ContainerRegistry`: one file per resource type or subject, each with one line here. */
export function containerRegistryRoutes(context: ContainerRegistryContext): Route[] {
  return [
    ...registryRoutes(context),
    ...adminUserRoutes(context),
    ...usageRoutes(context),
    ...scopeMapRoutes(context),
    ...tokenRoutes(context),
    ...webhookRoutes(context),
    ...importRoutes(context),
    ...absentRoutes(context),
  ];
}
