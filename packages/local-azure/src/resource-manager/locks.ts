import type { ResourceBody, ResourceRecord, Resources } from '../store/resources.ts';
import { resourceName, sameId, scopeChain } from './resource-id.ts';
import type { Route } from './route.ts';

export const lockType = 'Microsoft.Authorization/locks';

/** A lock is kept as a resource: so it goes with the one that it is on. */
export interface LockBody extends ResourceBody {
  properties: {
    level: 'CanNotDelete' | 'ReadOnly';
    notes?: string;
    owners?: { applicationId: string }[];
  };
}

/** What a request does to its scope, for locks: they judge by its method, whatever a POST is for. */
export type LockedOperation = 'write' | 'delete';

/**
 * Source: MicrosoftDocs/azure-docs azure-resource-manager/management/lock-resources.md "Considerations before applying
 * your locks"; that a POST counts as a write: Azure/azure-cli issue 8452
 */
export function lockedOperation(method: Route['method']): LockedOperation | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined;
  return method === 'DELETE' ? 'delete' : 'write';
}

export const locksAtOrAbove = (resources: Resources, scope: string): ResourceRecord<LockBody>[] =>
  scopeChain(scope).flatMap((one) => resources.list<LockBody>(`${one}/providers/${lockType}`, lockType));

export const locksBelow = (resources: Resources, scope: string): ResourceRecord<LockBody>[] =>
  resources.list<LockBody>(scope, lockType).filter(({ id }) => !sameId(lockScope(id), scope));

/**
 * The scopes whose locks forbid the operation at this one. A lock holds for everything below it; one that is below a
 * scope keeps the scope from being deleted.
 */
export function lockedScopes(resources: Resources, operation: LockedOperation, scope: string): string[] {
  const inherited = locksAtOrAbove(resources, scope);
  const locks =
    operation === 'write'
      ? inherited.filter(({ body }) => body.properties.level === 'ReadOnly')
      : [...inherited, ...locksBelow(resources, scope)];
  const scopes = locks.map(({ id }) => lockScope(id));
  return scopes.filter((one, i) => scopes.findIndex((other) => sameId(other, one)) === i);
}

/** What the lock with this id is on. */
const lockScope = (id: string): string => id.slice(0, -`/providers/${lockType}/${resourceName(id)}`.length);
