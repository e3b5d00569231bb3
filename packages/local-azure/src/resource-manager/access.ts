/**
 * May a principal do something at a scope, now? Reads role assignments from the store, and honours the
 * propagation delay: a young assignment does not count yet.
 */
export interface Access {
  /** `action` such as `Microsoft.Web/sites/write`; `scope` any resource id or a path below one. */
  allowed(principalId: string, action: string, scope: string): boolean;
  /** The same for data actions (`dataActions` of a role). */
  allowedData(principalId: string, dataAction: string, scope: string): boolean;
}
