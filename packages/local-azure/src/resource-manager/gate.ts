import type { Claims } from '../entra/entra.ts';
import type { Resources } from '../store/resources.ts';
import type { ControlAccess } from './access.ts';
import {
  authorizationFailed,
  deniedByAssignment,
  linkedAuthorizationFailed,
  scopeLocked,
} from './azure-error.ts';
import { lockedOperation, lockedScopes, lockType } from './locks.ts';
import type { ArmResponse, Route } from './route.ts';

export interface Gate {
  /** Throws Azure's refusal unless the caller may use the route at all. */
  enter(route: Route, segments: readonly string[], caller: Claims): void;
  /** The same for the other resources that the body names. */
  enterLinked(route: Route, segments: readonly string[], caller: Claims, body: unknown): void;
  /** Of a list, the part that the caller may see. */
  leave(route: Route, segments: readonly string[], caller: Claims, response: ArmResponse): ArmResponse;
}

/**
 * The gate in front of every route: role and deny assignments, then locks. A list over a whole subscription opens also
 * to a caller who may see a part of it, such as one resource group, and shows that part.
 */
export function createGate(access: ControlAccess, resources: Resources): Gate {
  const isPartial = (route: Route, action: string, scope: string, caller: Claims) =>
    isSubscriptionList(route) &&
    !access.allowed(caller.oid, action, scope) &&
    access.allowedBelow(caller.oid, action, scope);

  const requireUnlocked = (method: Route['method'], action: string, scope: string) => {
    const operation = lockedOperation(method);
    // A lock does not forbid to take it away.
    if (!operation || action.startsWith(`${lockType}/`)) return;
    const locked = lockedScopes(resources, operation, scope);
    if (locked.length > 0) throw scopeLocked(scope, operation, locked);
  };

  return {
    enter(route, segments, caller) {
      const { action } = route;
      if (action === null) return;
      const scope = authorizationScope(segments);
      const decision = access.decide(caller.oid, action, scope);
      if (decision === 'allowed') return requireUnlocked(route.method, action, scope);
      if (decision !== 'notGranted') throw deniedByAssignment(caller, action, scope, decision.deniedBy);
      if (!isPartial(route, action, subscriptionOf(segments), caller))
        throw authorizationFailed(caller, action, scope);
    },
    enterLinked({ action, linkedActions }, segments, caller, body) {
      const refused = linkedActions?.(body).filter(
        (linked) => !access.allowed(caller.oid, linked.action, linked.scope),
      );
      if (!action || !refused?.length) return;
      const scopes = refused.map(({ scope }) => scope).join(',');
      const asked = { action, scope: authorizationScope(segments) };
      throw linkedAuthorizationFailed(caller, asked, { action: refused[0]!.action, scope: scopes });
    },
    leave(route, segments, caller, response) {
      const { action } = route;
      if (action === null || !isPartial(route, action, subscriptionOf(segments), caller)) return response;
      const list = response.body as { value: { id: string }[] };
      const value = list.value.filter(({ id }) => access.allowed(caller.oid, action, id));
      return { ...response, body: { ...list, value } };
    },
  };
}

const isSubscriptionList = ({ method, path }: Route): boolean =>
  method === 'GET' &&
  /^\/subscriptions\/\{\w+\}\/(resources|resourceGroups|providers\/[\w.]+\/\w+)$/i.test(path);

const subscriptionOf = (segments: readonly string[]): string => `/${segments.slice(0, 2).join('/')}`;

/**
 * The scope that Azure decides at and names in its refusals: the resource that the path addresses. The name of a list
 * or of an operation at the end, such as `/restart`, is no part of it.
 */
function authorizationScope(segments: readonly string[]): string {
  const provider = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  // After `providers` and the namespace, or from the start, types and names come in pairs.
  const pairsFrom = provider === -1 ? 0 : provider + 2;
  const isOdd = (segments.length - pairsFrom) % 2 === 1;
  return `/${segments.slice(0, isOdd ? -1 : undefined).join('/')}`;
}
