import { z } from 'zod';
import { isGuid } from '../../guid.ts';
import { notImplemented } from '../../resource-manager/azure-error.ts';
import { everyone } from '../../resource-manager/rbac.ts';
import { invalidDenyAssignment, invalidDenyAssignmentId } from './deny-assignment-errors.ts';
import type { DenyAssignmentPrincipal, NewDenyAssignment } from './deny-assignments.ts';
import { badRequestFormat } from './errors.ts';
import { permissionSchema, readPermission } from './permission-request.ts';

const principalTypes = ['SystemDefined', 'User', 'Group', 'ServicePrincipal'] as const;
const principals = z
  .array(z.object({ id: z.string().refine(isGuid), type: z.enum(principalTypes) }))
  .nullish();

/** Source: azure-mgmt-authorization 5.0.0b2, DenyAssignmentProperties of api-version 2024-07-01-preview */
const bodySchema = z.object({
  properties: z.object({
    denyAssignmentName: z.string().min(1),
    description: z.string().nullish(),
    permissions: z.array(permissionSchema),
    principals,
    excludePrincipals: principals,
    doNotApplyToChildScopes: z.boolean().nullish(),
    isSystemProtected: z.boolean().nullish(),
    denyAssignmentEffect: z.enum(['enforced', 'audit']).nullish(),
    condition: z.string().nullish(),
  }),
});

/** What a PUT asks for: users may deny less than Azure itself, and never a read. */
export function readDenyAssignment(scope: string, name: string, body: unknown): NewDenyAssignment {
  if (!isGuid(name)) throw invalidDenyAssignmentId(name);
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) throw badRequestFormat();
  const { denyAssignmentName, description, ...given } = parsed.data.properties;
  if (given.denyAssignmentEffect === 'audit') throw notImplemented("the effect 'audit' of deny assignments");
  if (given.condition || given.permissions.some(({ condition }) => condition))
    throw notImplemented('conditions of deny assignments');
  if (given.isSystemProtected) throw invalidDenyAssignment('Only Azure makes what is system-protected.');
  if (given.doNotApplyToChildScopes) throw invalidDenyAssignment('DoNotApplyToChildScopes is not supported.');

  const permissions = given.permissions.map(readPermission);
  if (permissions.some(({ dataActions, notDataActions }) => dataActions.length + notDataActions.length > 0))
    throw invalidDenyAssignment('DataActions and NotDataActions are not supported.');
  if (!permissions.some(({ actions }) => actions.length > 0))
    throw invalidDenyAssignment('At least one action is required.');
  const read = permissions.flatMap(({ actions, notActions }) =>
    actions.filter((action) => mayRead(action) && !(action.endsWith('*') && notActions.includes('*/read'))),
  )[0];
  if (read !== undefined) throw invalidDenyAssignment(`Read actions are not permitted: '${read}'.`);

  const [denied, excluded] = [given.principals ?? [], given.excludePrincipals ?? []];
  checkPrincipals(denied, excluded);
  return {
    name,
    scope,
    denyAssignmentName,
    ...(description ? { description } : {}),
    permissions,
    principals: denied,
    excludePrincipals: excluded,
    doNotApplyToChildScopes: false,
    isSystemProtected: false,
  };
}

const mayRead = (action: string) => /(\/read|\*)$/i.test(action);

/** One principal that is no group, or everyone with an exception. */
function checkPrincipals(denied: DenyAssignmentPrincipal[], excluded: DenyAssignmentPrincipal[]): void {
  const [principal, ...more] = denied;
  if (!principal || more.length > 0) throw invalidDenyAssignment('Exactly one principal is required.');
  const isEveryone = principal.id === everyone;
  if (isEveryone !== (principal.type === 'SystemDefined'))
    throw invalidDenyAssignment(
      `'SystemDefined' is the type of the principal '${everyone}' and of no other.`,
    );
  if (isEveryone && excluded.length === 0)
    throw invalidDenyAssignment('At least one excluded principal is required to deny everyone.');
  if ([principal, ...excluded].some(({ type }) => type === 'Group'))
    throw invalidDenyAssignment('Group type principals are not permitted.');
  if (excluded.some(({ id }) => id === everyone))
    throw invalidDenyAssignment('All principals cannot be excluded.');
}
