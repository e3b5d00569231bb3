import { z } from 'zod';
import type { Permission } from '../../resource-manager/rbac.ts';

const patterns = z.array(z.string()).nullish();

/** Source: azure-rest-api-specs authorization 2022-04-01 Permission, DenyAssignmentPermission */
export const permissionSchema = z.object({
  actions: patterns,
  notActions: patterns,
  dataActions: patterns,
  notDataActions: patterns,
  condition: z.string().nullish(),
});

/** Without its condition; a list that is not given is empty. */
export const readPermission = (given: z.infer<typeof permissionSchema>): Permission => ({
  actions: given.actions ?? [],
  notActions: given.notActions ?? [],
  dataActions: given.dataActions ?? [],
  notDataActions: given.notDataActions ?? [],
});
