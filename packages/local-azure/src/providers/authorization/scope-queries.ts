import { isManagementGroup, scopeChain, scopeKey, tenantScope } from '../../resource-manager/resource-id.ts';

/** SQL: rows whose column `scope`, a {@link scopeKey}, is the scope or one above it. */
export const atOrAbove = 'scope IN (SELECT value FROM json_each(?1))';

/** SQL: rows whose scope is below it. '0' is the character after '/', so this is the range of everything below. */
export const below = `scope >= ?2 || '/' AND scope < ?2 || '0'`;

/** The value of `?1` in {@link atOrAbove}. */
export const chainOf = (scope: string): string => JSON.stringify(scopeChain(scope));

/** The value of `?2` in {@link below}. All there is lies below the tenant and its one management group. */
export const floorOf = (scope: string): string =>
  scope === tenantScope || isManagementGroup(scope) ? '' : scopeKey(scope);
