import { z } from 'zod';
import { AzureError, badRequest } from '../../resource-manager/azure-error.ts';
import { type LockBody, locksAtOrAbove, locksBelow, lockType } from '../../resource-manager/locks.ts';
import { parseFilter, unsupportedFilter } from '../../resource-manager/odata-filter.ts';
import { parseResourceId, resourceName } from '../../resource-manager/resource-id.ts';
import type { Route } from '../../resource-manager/route.ts';
import { parseBody } from '../../resource-manager/tracked-resource.ts';
import type { ResourceRecord } from '../../store/resources.ts';
import type { AuthorizationContext } from './authorization-context.ts';
import { requireScope } from './require-scope.ts';

const list = `/{scope}/providers/${lockType}`;
const item = `${list}/{lockName}`;

/** Source: azure-rest-api-specs resources locks 2016-09-01 ManagementLockProperties */
const lockSchema = z.object({
  properties: z.object({
    level: z.enum(['CanNotDelete', 'ReadOnly']),
    notes: z.string().max(512).nullish(),
    owners: z.array(z.object({ applicationId: z.string() })).nullish(),
  }),
});

const present = ({ id, body }: ResourceRecord<LockBody>) => ({
  id,
  type: lockType,
  name: resourceName(id),
  properties: body.properties,
});

const lockNotFound = (name: string) =>
  new AzureError(404, 'LockNotFound', `The lock '${name}' could not be found.`);

/** Of subscriptions and all below them. That they hold is the gate's matter. */
export function lockRoutes(context: AuthorizationContext): Route[] {
  const { resources } = context;
  const lockId = ({ scope, lockName }: Record<string, string>) =>
    `${scope}/providers/${lockType}/${lockName}`;
  const find = (params: Record<string, string>) => resources.get<LockBody>(lockId(params));

  return [
    {
      method: 'GET',
      path: list,
      action: `${lockType}/read`,
      handle: ({ params, query }) => {
        const scope = params.scope!;
        const withBelow = !readFilter(query.get('$filter'));
        const found = [
          ...locksAtOrAbove(resources, scope),
          ...(withBelow ? locksBelow(resources, scope) : []),
        ];
        return { status: 200, body: { value: found.map(present) } };
      },
    },
    {
      method: 'GET',
      path: item,
      action: `${lockType}/read`,
      handle: ({ params }) => {
        const found = find(params);
        if (!found) throw lockNotFound(params.lockName!);
        return { status: 200, body: present(found) };
      },
    },
    {
      method: 'PUT',
      path: item,
      action: `${lockType}/write`,
      handle: ({ params, body }) => {
        checkScope(params.scope!);
        checkName(params.lockName!);
        requireScope(context, params.scope!);
        const { level, notes, owners } = parseBody(lockSchema, body).properties;
        const existing = find(params);
        const record = resources.put<LockBody>(lockId(params), lockType, {
          properties: { level, ...(notes ? { notes } : {}), ...(owners ? { owners } : {}) },
        });
        return { status: existing ? 200 : 201, body: present(record) };
      },
    },
    {
      method: 'DELETE',
      path: item,
      action: `${lockType}/delete`,
      handle: ({ params }) => (resources.delete(lockId(params)) ? { status: 200 } : { status: 204 }),
    },
  ];
}

function checkScope(scope: string): void {
  if (parseResourceId(scope)?.subscriptionId) return;
  throw badRequest('InvalidLockScope', `The scope '${scope}' is not that of a subscription or below one.`);
}

/** Source: azure-rest-api-specs resources locks 2016-09-01, the parameter lockName */
function checkName(name: string): void {
  if (/^[^<>%&:\\?/\p{Cc}]{1,260}$/u.test(name)) return;
  throw badRequest('InvalidLockName', `The lock name '${name}' is invalid.`);
}

/** Whether the list ends at the scope; without `atScope()` it goes on below. Source: Get-AzResourceLock, AtScope */
function readFilter(filter: string | null): boolean {
  const conditions = parseFilter(filter);
  const unknown = conditions.find((one) => !('call' in one && one.call === 'atscope'));
  if (unknown) throw unsupportedFilter(unknown);
  return conditions.length > 0;
}
