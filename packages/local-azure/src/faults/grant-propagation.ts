import type { Failing } from './faults.ts';
import { type Held, holdBack } from './late-change.ts';
import { grantsMade, grantsRemoved } from './places.ts';
import { registryOf } from './resource-names.ts';

/** What this must know of a role assignment. */
interface Assignment {
  id: string;
  scope: string;
  principalId: string;
  createdOn: number;
}

/** Which role assignments count: those that were made long enough ago, and those that were removed just now. */
export interface GrantPropagation<Of extends Assignment> {
  made(assignment: Of): void;
  removed(assignment: Of): void;
  /** Whether one that is there counts already. */
  counts(id: string): boolean;
  /** Those of principals, by their ids in lower case, that are gone and count still. Asks whose only if there are any. */
  lingering(principalIds: () => string[]): Of[];
}

export function createGrantPropagation<Of extends Assignment>(failing: Failing): GrantPropagation<Of> {
  /** By id, without case. */
  const young = new Map<string, Held>();
  let gone: { assignment: Of; isHeld: Held }[] = [];

  function counts(id: string): boolean {
    if (young.size === 0) return true;
    const key = id.toLowerCase();
    if (young.get(key)?.()) return false;
    young.delete(key);
    return true;
  }

  return {
    made({ id, scope, createdOn }) {
      const isHeld = holdBack(failing, grantsMade, { registry: registryOf(scope), madeOn: createdOn });
      if (isHeld) young.set(id.toLowerCase(), isHeld);
    },
    removed(assignment) {
      if (!counts(assignment.id)) {
        young.delete(assignment.id.toLowerCase());
        return;
      }
      const isHeld = holdBack(failing, grantsRemoved, { registry: registryOf(assignment.scope) });
      if (isHeld) gone.push({ assignment, isHeld });
    },
    counts,
    lingering(principalIds) {
      gone = gone.filter(({ isHeld }) => isHeld());
      if (gone.length === 0) return [];
      const ids = principalIds();
      return gone.map(({ assignment }) => assignment).filter((one) => ids.includes(one.principalId));
    },
  };
}
