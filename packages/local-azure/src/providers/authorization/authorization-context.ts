import type { Entra } from '../../entra/entra.ts';
import type { ControlAccess } from '../../resource-manager/access.ts';
import type { Subscription } from '../../resource-manager/resource-manager.ts';
import type { Resources } from '../../store/resources.ts';
import type { DenyAssignments } from './deny-assignments.ts';
import type { RoleAssignments } from './role-assignments.ts';
import type { RoleDefinitions } from './role-definitions.ts';

/** What the routes of `Microsoft.Authorization` work with. */
export interface AuthorizationContext {
  roles: RoleDefinitions;
  assignments: RoleAssignments;
  denyAssignments: DenyAssignments;
  resources: Resources;
  access: ControlAccess;
  subscription: Subscription;
  principals: Entra['principals'];
}
