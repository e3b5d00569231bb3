import type { ResourceBody, ResourceRecord, Resources } from '../store/resources.ts';
import type { Failing } from './faults.ts';
import { type Held, holdBack } from './late-change.ts';
import { type ChangePlace, registrySettingsWritten, siteSettingsWritten } from './places.ts';
import { registryOf, siteOf } from './resource-names.ts';

/** The resources as they are, and as those see them who hear of some changes late. */
export interface LateResources {
  resources: Resources;
  late: Resources;
}

/** What a resource was before a write. */
interface Former {
  record: ResourceRecord | undefined;
  isHeld: Held;
}

/** The kinds of resources whose changes can be late. */
const places: Record<string, ChangePlace> = {
  'microsoft.web/sites/config': siteSettingsWritten,
  'microsoft.containerregistry/registries': registrySettingsWritten,
};

export function createLateResources(resources: Resources, failing: Failing): LateResources {
  /** By key, the oldest first. */
  const formers = new Map<string, Former[]>();
  /** The keys of what the transaction under way has made: it is seen whole from the start, with all that is below. */
  let born: string[] | undefined;

  function note(id: string, type: string, before: ResourceRecord | undefined): void {
    const place = places[type.toLowerCase()];
    const key = id.toLowerCase();
    if (!before) born?.push(`${key}/`);
    if (!place || (!before && place === registrySettingsWritten)) return;
    if (born?.some((parent) => key.startsWith(parent))) return;
    const site = siteOf(id);
    const isHeld = holdBack(failing, place, { registry: registryOf(id), ...(site ? { sites: [site] } : {}) });
    if (isHeld) formers.set(key, [...(formers.get(key) ?? []), { record: before, isHeld }]);
    else formers.delete(key);
  }

  /** As it was before the first write that has not been heard of, behind the last that has. */
  function seen<Body extends ResourceBody>(
    id: string,
    current: ResourceRecord<Body> | undefined,
  ): ResourceRecord<Body> | undefined {
    const known = formers.get(id.toLowerCase());
    if (!known) return current;
    const unheard = known[known.findLastIndex(({ isHeld }) => !isHeld()) + 1];
    if (!unheard) formers.delete(id.toLowerCase());
    return unheard ? (unheard.record as ResourceRecord<Body> | undefined) : current;
  }

  return {
    resources: {
      ...resources,
      put(id, type, body, hostName) {
        if (Object.values(places).some(failing.faults.areAt)) note(id, type, resources.get(id));
        return resources.put(id, type, body, hostName);
      },
      delete(id) {
        const key = id.toLowerCase();
        for (const other of formers.keys()) {
          if (other === key || other.startsWith(`${key}/`)) formers.delete(other);
        }
        return resources.delete(id);
      },
      transaction(work) {
        if (born) return resources.transaction(work);
        born = [];
        try {
          return resources.transaction(work);
        } finally {
          born = undefined;
        }
      },
    },
    late: {
      ...resources,
      get: (id) => seen(id, resources.get(id)),
      getByHostName: <Body extends ResourceBody>(hostName: string) => {
        const current = resources.getByHostName<Body>(hostName);
        return current && seen(current.id, current);
      },
    },
  };
}
