import { AzureError } from '../../resource-manager/azure-error.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { createRouter } from '../../resource-manager/router.ts';
import type { Resources } from '../../store/resources.ts';
import { trackedResources } from './resource-list-routes.ts';
import type { ResourceType } from './resource-types.ts';

/**
 * Deletes all resources of a group through their providers' own routes, so that what hangs on them goes too: images,
 * containers, identities. One that another still needs, such as a plan that has apps, is tried again after the rest.
 */
export function createDeleteContents(
  resources: Resources,
  routes: readonly Route[],
  types: ReadonlyMap<string, ResourceType>,
) {
  const router = createRouter(routes);
  const remove = async (id: string, request: ArmRequest): Promise<AzureError | undefined> => {
    const found = router.find('DELETE', id.split('/').filter(Boolean));
    if (!found || !('route' in found)) return undefined;
    const query = new URLSearchParams({ 'api-version': request.apiVersion });
    try {
      await found.route.handle({ ...request, path: id, params: found.params, query, body: undefined });
      return undefined;
    } catch (error) {
      if (error instanceof AzureError && error.status === 409) return error;
      throw error;
    }
  };

  return async (groupId: string, request: ArmRequest): Promise<void> => {
    const contents = () => trackedResources(resources, types, groupId).map(({ record }) => record.id);
    let left = contents();
    while (left.length > 0) {
      let refusal: AzureError | undefined;
      for (const id of left) refusal = (resources.get(id) && (await remove(id, request))) ?? refusal;
      const next = contents();
      if (refusal && next.length === left.length) throw refusal;
      if (next.length === left.length) return;
      left = next;
    }
  };
}
