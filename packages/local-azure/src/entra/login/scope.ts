import { isGuid } from '../../guid.ts';
import { malformedScope, scopeWithoutDefault, severalResources } from './scope-errors.ts';

const reserved = new Set(['', 'openid', 'profile', 'email', 'offline_access']);

/**
 * The resource that a scope names: everything before the last slash, to the letter, so that
 * `https://management.core.windows.net//.default` keeps the slash that belongs to the resource's name.
 * Source: learn.microsoft.com/entra/identity-platform/scopes-oidc, "Trailing slash and .default"
 */
export function resourceOfScope(scope: string): string {
  const [first, ...rest] = scope.split(' ').filter((part) => !reserved.has(part));
  if (first === undefined || rest.length > 0) throw malformedScope(scope);
  const name = resourceOf(first) ?? malformed(scope);
  if (!first.endsWith('/.default')) throw scopeWithoutDefault(first);
  return name;
}

/** What a program asks for in a user's name. */
export interface DelegatedScope {
  resource: string;
  wantsIdToken: boolean;
  wantsRefreshToken: boolean;
}

/** A permission without a resource is Graph's. */
export function parseDelegatedScope(scope: string): DelegatedScope {
  const parts = scope.split(' ');
  const named = parts
    .filter((part) => !reserved.has(part))
    .map((part) =>
      part.includes('/') ? (resourceOf(part) ?? malformed(scope)) : 'https://graph.microsoft.com',
    );
  const [resource = 'https://graph.microsoft.com', ...others] = new Set(named);
  if (others.length > 0) throw severalResources(scope);
  return {
    resource,
    wantsIdToken: parts.includes('openid'),
    wantsRefreshToken: parts.includes('offline_access'),
  };
}

function resourceOf(part: string): string | undefined {
  const name = part.slice(0, Math.max(part.lastIndexOf('/'), 0));
  return isGuid(name) || URL.canParse(name) ? name : undefined;
}

function malformed(scope: string): never {
  throw malformedScope(scope);
}
