import type { Decision } from './rbac.ts';

/**
 * May a principal do something at a scope, now? Reads role and deny assignments from the store, and honours the
 * propagation delay: a young role assignment does not count yet.
 */
export interface Access {
  /** `action` such as `Microsoft.Web/sites/write`; `scope` any resource id or a path below one. */
  allowed(principalId: string, action: string, scope: string): boolean;
  /**
   * The same for data actions (`dataActions` of a role). A grant whose condition asks for an attribute that is not
   * given does not count.
   */
  allowedData(
    principalId: string,
    dataAction: string,
    scope: string,
    attributes?: RequestAttributes,
  ): boolean;
}

/** What the conditions of role assignments may ask of a request. */
export interface RequestAttributes {
  /** `@Request[Microsoft.ContainerRegistry/registries/repositories:name]` */
  repositoryName?: string;
}

/** What Resource Manager asks besides: it says why it refuses, and its lists show a caller the part that it may see. */
export interface ControlAccess extends Access {
  decide(principalId: string, action: string, scope: string): Decision;
  /** May the principal do this at some scope below? `action` undefined asks for any role at all. */
  allowedBelow(principalId: string, action: string | undefined, scope: string): boolean;
}
