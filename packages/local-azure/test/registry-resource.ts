import { systemClock } from '../src/clock.ts';
import type { Database } from '../src/store/database.ts';
import { createResources } from '../src/store/resources.ts';

/** Makes the resource that a registry's content belongs to, or deletes it. */
export function registryResource(db: Database, loginServer: string) {
  const resources = createResources(db, systemClock);
  const id = `/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/${loginServer}`;
  return {
    make: () => {
      resources.put(id, 'Microsoft.ContainerRegistry/registries', { properties: {} }, loginServer);
    },
    delete: () => resources.delete(id),
  };
}
