import { ExpectedError } from '../expected-error.ts';
import type { Failing } from './faults.ts';
import { type Held, holdBack } from './late-change.ts';
import { identitiesMade } from './places.ts';
import { siteOf } from './resource-names.ts';

/** What this must know of Entra ID. */
interface Directory {
  principals: {
    get(id: string): unknown;
    createManagedIdentity(displayName: string, resourceId: string): { id: string };
  };
  issueToken(principalId: string, audience: string): Promise<unknown>;
}

/** Entra ID as those see it who ask for a managed identity right after it was made: it can be unknown for a while. */
export function withNewIdentities<Of extends Directory>(entra: Of, failing: Failing): Of {
  const { principals } = entra;
  const unknown = new Map<string, Held>();

  function isUnknown(principalId: string): boolean {
    const key = principalId.toLowerCase();
    if (unknown.get(key)?.()) return true;
    unknown.delete(key);
    return false;
  }

  return {
    ...entra,
    principals: {
      ...principals,
      get: (id: string) => (isUnknown(id) ? undefined : principals.get(id)),
      createManagedIdentity(displayName: string, resourceId: string) {
        const made = principals.createManagedIdentity(displayName, resourceId);
        const site = siteOf(resourceId);
        const isHeld = holdBack(failing, identitiesMade, site ? { sites: [site] } : {});
        if (isHeld) unknown.set(made.id, isHeld);
        return made;
      },
    },
    async issueToken(principalId: string, audience: string) {
      if (isUnknown(principalId))
        throw new ExpectedError(`The principal '${principalId}' is not known to Entra ID yet.`);
      return entra.issueToken(principalId, audience);
    },
  };
}
