import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Claims } from '../../entra/entra.ts';
import { apiVersionsOf } from '../../resource-manager/api-versions.ts';
import { AzureError } from '../../resource-manager/azure-error.ts';
import type { Route } from '../../resource-manager/route.ts';
import { createRouter } from '../../resource-manager/router.ts';
import type { Resources } from '../../store/resources.ts';
import { groupDeletionBlocked } from './errors.ts';
import type { ResourceType } from './resource-types.ts';

/**
 * Deletes all resources of a group through their providers' own routes, so that what hangs on them goes too: images,
 * containers, identities. One that another still needs, such as a plan that has apps, is tried again after the rest.
 * Can be broken off and repeated at any moment.
 */
export function createDeleteContents(
  resources: Resources,
  routes: readonly Route[],
  types: ReadonlyMap<string, ResourceType>,
) {
  const router = createRouter(routes);

  /** Whether the resource is gone. Only a conflict with another resource is worth another try. */
  async function remove(id: string, caller: Claims): Promise<boolean> {
    const found = router.find('DELETE', id.split('/').filter(Boolean));
    if (!found || !('route' in found)) return false;
    const [, namespace = ''] = /\/providers\/([^/]+)/i.exec(id) ?? [];
    const apiVersion = apiVersionsOf(namespace)?.[0] ?? '';
    const query = new URLSearchParams({ 'api-version': apiVersion });
    try {
      const { route, params } = found;
      await route.handle({ method: 'DELETE', path: id, params, query, body: undefined, apiVersion, caller });
    } catch (error) {
      if (!(error instanceof AzureError && error.status === 409)) throw error;
    }
    return resources.get(id) === undefined;
  }

  /** Throws when something cannot be deleted. */
  return async (groupId: string, caller: Claims): Promise<void> => {
    const contents = () => resources.list(groupId, [...types.keys()]).map(({ id }) => id);
    for (let left = contents(); left.length > 0; left = contents()) {
      let removed = 0;
      for (const id of left) {
        if (resources.get(id) && (await remove(id, caller))) removed += 1;
        // Others are served in between.
        await nextTurn();
      }
      if (removed === 0) throw groupDeletionBlocked(groupId, left);
    }
  };
}
