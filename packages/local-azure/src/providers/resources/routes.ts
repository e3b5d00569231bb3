import type { ControlAccess } from '../../resource-manager/access.ts';
import { createOperations } from '../../resource-manager/operations.ts';
import type { Subscription } from '../../resource-manager/resource-manager.ts';
import type { Route } from '../../resource-manager/route.ts';
import type { Resources } from '../../store/resources.ts';
import { createDeleteContents } from './delete-contents.ts';
import { providerRoutes } from './provider-routes.ts';
import { resourceGroupRoutes } from './resource-group-routes.ts';
import { resourceListRoutes } from './resource-list-routes.ts';
import { resourceTypesOf } from './resource-types.ts';
import { subscriptionRoutes } from './subscription-routes.ts';

export interface ResourcesRouteOptions {
  subscription: Subscription;
  resources: Resources;
  access: ControlAccess;
  /** The routes of all other providers. */
  routes: readonly Route[];
}

/** `Microsoft.Resources`: what Resource Manager itself answers. */
export function resourcesRoutes({ subscription, resources, access, routes }: ResourcesRouteOptions): Route[] {
  const types = resourceTypesOf(routes, 'DELETE');
  const operations = createOperations({
    path: '/subscriptions/{subscriptionId}/operationresults/{operationId}',
  });
  const deleteContents = createDeleteContents(resources, routes, types);
  return [
    ...subscriptionRoutes(subscription, access),
    ...resourceGroupRoutes({ resources, operations, deleteContents }),
    ...providerRoutes(subscription.id, resourceTypesOf(routes, 'GET').values()),
    ...resourceListRoutes(resources, types),
    operations.route,
  ];
}
