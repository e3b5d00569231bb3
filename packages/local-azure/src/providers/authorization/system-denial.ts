import { randomUUID } from 'node:crypto';
import { everyone, type Permission } from '../../resource-manager/rbac.ts';
import type { DenyAssignments } from './deny-assignments.ts';

/** What Azure itself takes away, as for a managed application: reads and data actions too, which no user can. */
export interface SystemDenial {
  /** The id of what it holds for, and for all below it unless `doNotApplyToChildScopes`. */
  scope: string;
  denyAssignmentName: string;
  permissions: Partial<Permission>[];
  /** By object id. Absent: all principals. */
  principals?: { id: string; type: string }[];
  excludePrincipals?: { id: string; type: string }[];
  doNotApplyToChildScopes?: boolean;
}

/** Makes a system-protected deny assignment, until it is lifted. */
export type Deny = (denial: SystemDenial) => { id: string; lift(): void };

export function createDeny(denyAssignments: DenyAssignments): Deny {
  return ({ permissions, principals, excludePrincipals = [], doNotApplyToChildScopes = false, ...given }) => {
    const { id, scope, name } = denyAssignments.put(
      {
        ...given,
        name: randomUUID(),
        permissions: permissions.map((permission) => ({
          actions: [],
          notActions: [],
          dataActions: [],
          notDataActions: [],
          ...permission,
        })),
        principals: principals ?? [{ id: everyone, type: 'SystemDefined' }],
        excludePrincipals,
        doNotApplyToChildScopes,
        isSystemProtected: true,
      },
      everyone,
    );
    return { id, lift: () => denyAssignments.delete(scope, name) };
  };
}
