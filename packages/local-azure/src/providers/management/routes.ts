import type { ControlAccess } from '../../resource-manager/access.ts';
import { managementGroupNotFound, notImplemented } from '../../resource-manager/azure-error.ts';
import { rootManagementGroup, sameId } from '../../resource-manager/resource-id.ts';
import type { Subscription } from '../../resource-manager/resource-manager.ts';
import type { Route } from '../../resource-manager/route.ts';

const type = 'Microsoft.Management/managementGroups';
const list = `/providers/${type}`;
const item = `${list}/{groupId}`;

/** What clients show for the root group, whose name nobody has chosen. */
const displayName = 'Tenant Root Group';

export interface ManagementRouteOptions {
  subscription: Subscription;
  access: ControlAccess;
}

/** `Microsoft.Management`: the root group, which every tenant has, and no other. */
export function managementRoutes({ subscription, access }: ManagementRouteOptions): Route[] {
  const { id: subscriptionId, tenantId } = subscription;
  const id = rootManagementGroup(tenantId);
  const group = { id, type, name: tenantId };

  const requireRoot = (groupId: string) => {
    if (!sameId(groupId, tenantId)) throw managementGroupNotFound(groupId);
  };

  return [
    {
      // A management group shows itself to whoever may read it.
      method: 'GET',
      path: list,
      action: null,
      handle: ({ caller }) => {
        const isVisible = access.allowed(caller.oid, `${type}/read`, id);
        const value = isVisible ? [{ ...group, properties: { tenantId, displayName } }] : [];
        return { status: 200, body: { value } };
      },
    },
    {
      method: 'GET',
      path: item,
      action: `${type}/read`,
      handle: ({ params, query }) => {
        requireRoot(params.groupId!);
        const child = {
          type: '/subscriptions',
          id: `/subscriptions/${subscriptionId}`,
          name: subscriptionId,
          displayName: subscription.displayName,
        };
        const expandsChildren = query.get('$expand')?.toLowerCase() === 'children';
        const properties = {
          tenantId,
          displayName,
          details: { version: 1, path: [{ name: tenantId, displayName }] },
          ...(expandsChildren ? { children: [child] } : {}),
        };
        return { status: 200, body: { ...group, properties } };
      },
    },
    ...(['PUT', 'PATCH', 'DELETE'] as const).map(
      (method): Route => ({
        method,
        path: item,
        action: `${type}/${method === 'DELETE' ? 'delete' : 'write'}`,
        handle: () => {
          throw notImplemented('management groups other than the root group');
        },
      }),
    ),
  ];
}
