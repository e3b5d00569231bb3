import type { Clock } from '../../clock.ts';
import type { ControlAccess } from '../../resource-manager/access.ts';
import { createOperations } from '../../resource-manager/operations.ts';
import type { Subscription } from '../../resource-manager/resource-manager.ts';
import type { Route } from '../../resource-manager/route.ts';
import type { Resources } from '../../store/resources.ts';
import { createDeleteContents } from './group-contents.ts';
import { createGroupDeletion } from './group-deletion.ts';
import { providerRoutes } from './provider-routes.ts';
import { resourceGroupRoutes } from './resource-group-routes.ts';
import { resourceListRoutes } from './resource-list-routes.ts';
import { resourceTypesOf } from './resource-types.ts';
import { subscriptionRoutes } from './subscription-routes.ts';
import { tagNameRoutes } from './tag-name-routes.ts';
import { tagRoutes } from './tag-routes.ts';

export interface ResourcesProviderOptions {
  subscription: Subscription;
  resources: Resources;
  access: ControlAccess;
  clock: Clock;
  /** The routes of all other providers. */
  routes: readonly Route[];
}

export interface ResourcesProvider {
  routes: Route[];
  /** Goes on with the deletions of resource groups that a killed process left. */
  resume(): void;
}

/** `Microsoft.Resources`: what Resource Manager itself answers. */
export function createResourcesProvider(options: ResourcesProviderOptions): ResourcesProvider {
  const { subscription, resources, access, clock, routes } = options;
  const types = resourceTypesOf(routes, 'DELETE');
  const operations = createOperations({
    clock,
    path: '/subscriptions/{subscriptionId}/operationresults/{operationId}',
  });
  const deleteContents = createDeleteContents(resources, routes, types);
  const deletion = createGroupDeletion({ resources, operations, deleteContents });
  return {
    routes: [
      ...subscriptionRoutes(subscription, access),
      ...resourceGroupRoutes(resources, deletion),
      ...providerRoutes(subscription.id, resources, resourceTypesOf(routes, 'GET')),
      ...resourceListRoutes(resources, types),
      ...tagRoutes(resources),
      ...tagNameRoutes(resources, types),
      operations.route,
    ],
    resume: deletion.resume,
  };
}
