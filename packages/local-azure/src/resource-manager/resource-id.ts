/** A resource id in its parts. Extension resources, such as role assignments, add an entry to `resources`. */
export interface ResourceId {
  subscriptionId?: string;
  resourceGroupName?: string;
  /** One entry per `/providers/` part; `types[i]` is named by `names[i]`. */
  resources: { namespace: string; types: string[]; names: string[] }[];
}

/** The scope above all subscriptions. */
export const tenantScope = '/';

/** The parts of an id, in the caller's spelling; undefined when it is none. */
export function parseResourceId(id: string): ResourceId | undefined {
  if (id === tenantScope) return { resources: [] };
  if (!id.startsWith('/')) return undefined;
  const segments = id.slice(1).split('/');
  if (segments.some((segment) => segment === '')) return undefined;

  const result: ResourceId = { resources: [] };
  let at = 0;
  const is = (keyword: string) => segments[at]?.toLowerCase() === keyword;
  if (is('subscriptions')) {
    if (segments.length < 2) return undefined;
    result.subscriptionId = segments[1]!;
    at = 2;
    if (is('resourcegroups')) {
      if (segments.length < 4) return undefined;
      result.resourceGroupName = segments[3]!;
      at = 4;
    }
  }
  while (at < segments.length) {
    if (!is('providers')) return undefined;
    const next = segments.findIndex((segment, i) => i > at && segment.toLowerCase() === 'providers');
    const end = next === -1 ? segments.length : next;
    const [namespace, ...pairs] = segments.slice(at + 1, end);
    if (!namespace || pairs.length === 0 || pairs.length % 2 === 1) return undefined;
    result.resources.push({
      namespace,
      types: pairs.filter((_, i) => i % 2 === 0),
      names: pairs.filter((_, i) => i % 2 === 1),
    });
    at = end;
  }
  return result;
}

/** The full type, such as `Microsoft.Web/sites/slots`; of an extension resource the extension's own. */
export function resourceType(id: ResourceId): string {
  const last = id.resources.at(-1);
  if (last) return [last.namespace, ...last.types].join('/');
  if (id.resourceGroupName) return 'Microsoft.Resources/resourceGroups';
  return id.subscriptionId ? 'Microsoft.Resources/subscriptions' : 'Microsoft.Resources/tenants';
}

/** The name within its parent: the last segment of the id. */
export const resourceName = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** Do both ids name the same resource? Azure compares ids without case. */
export const sameId = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Is `scope` the ancestor itself or anything below it? Either may be a {@link scopeKey}. */
export function isWithin(scope: string, ancestor: string): boolean {
  if (ancestor === tenantScope) return true;
  const [below, above] = [scopeKey(scope), scopeKey(ancestor)];
  if (above === managementGroups && below.startsWith('/subscriptions/')) return true;
  return below.startsWith(above) && (below.length === above.length || below[above.length] === '/');
}

const managementGroups = '/providers/microsoft.management/managementgroups';

/** The one management group that there is: the tenant's root group, which has its id and holds the subscription. */
export const rootManagementGroup = (tenantId: string): string =>
  `/providers/Microsoft.Management/managementGroups/${tenantId}`;

/** Is this a management group itself, and nothing in one? */
export const isManagementGroup = (scope: string): boolean =>
  scope.lastIndexOf('/') === managementGroups.length &&
  scope.slice(0, managementGroups.length).toLowerCase() === managementGroups;

/** What a scope is compared and found by: lower-case, and the collection's path for the one management group. */
export const scopeKey = (scope: string): string =>
  isManagementGroup(scope) ? managementGroups : scope.toLowerCase();

/** The keys of a scope and of all scopes above it, the tenant's first. */
export function scopeChain(scope: string): string[] {
  if (scope === tenantScope) return [tenantScope];
  const key = scopeKey(scope);
  const above = key.startsWith('/subscriptions/') ? [tenantScope, managementGroups] : [tenantScope];
  const names = key.split('/').slice(1);
  return [...above, ...names.map((_, i) => `/${names.slice(0, i + 1).join('/')}`)];
}
