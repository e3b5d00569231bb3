import { pageOf } from '../../resource-manager/paging.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { resolveLocation } from '../../resource-manager/tracked-resource.ts';
import {
  groupPath,
  identityId,
  identityPath,
  type ManagedIdentityContext,
  requireIdentity,
  subscriptionPath,
} from './identities.ts';
import { type IdentityBody, type IdentityRecord, identityType, presentIdentity } from './model.ts';
import { readIdentity } from './request.ts';
import { checkIdentityName } from './rules.ts';

/** `Microsoft.ManagedIdentity/userAssignedIdentities`: each with a principal that lives as long as the resource. */
export function identityRoutes({ resources, entra }: ManagedIdentityContext): Route[] {
  const present = (record: IdentityRecord) => presentIdentity(record, entra.tenantId);
  const list = (request: ArmRequest, under: string) => ({
    status: 200,
    body: pageOf(request, (part) => resources.list<IdentityBody>(under, identityType, part), present),
  });
  const createPrincipal = (name: string, id: string): IdentityBody['properties'] => {
    const { id: principalId, appId: clientId } = entra.principals.createManagedIdentity(name, id);
    return { principalId, clientId };
  };

  return [
    {
      method: 'GET',
      path: subscriptionPath,
      action: `${identityType}/read`,
      handle: (request) => list(request, `/subscriptions/${request.params.subscriptionId}`),
    },
    {
      method: 'GET',
      path: groupPath,
      action: `${identityType}/read`,
      handle: (request) => {
        const { subscriptionId, resourceGroupName } = request.params;
        return list(request, `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`);
      },
    },
    {
      method: 'GET',
      path: identityPath,
      action: `${identityType}/read`,
      handle: (request) => ({ status: 200, body: present(requireIdentity(resources, request)) }),
    },
    {
      method: 'PUT',
      path: identityPath,
      action: `${identityType}/write`,
      handle: (request) => {
        const id = identityId(request);
        const name = request.params.resourceName!;
        checkIdentityName(name);
        const wanted = readIdentity(request.body);
        const existing = resources.get<IdentityBody>(id);
        const location = resolveLocation(identityType, name, wanted.location, existing);
        const record = resources.transaction(() => {
          const properties = existing?.body.properties ?? createPrincipal(name, id);
          return resources.put<IdentityBody>(id, identityType, { ...wanted, location, properties });
        });
        return { status: existing ? 200 : 201, body: present(record) };
      },
    },
    {
      method: 'PATCH',
      path: identityPath,
      action: `${identityType}/write`,
      handle: (request) => {
        const { id, body } = requireIdentity(resources, request);
        const { tags } = readIdentity(request.body);
        const record = resources.put<IdentityBody>(id, identityType, { ...body, ...(tags ? { tags } : {}) });
        return { status: 200, body: present(record) };
      },
    },
    {
      // Sites that have it attached go on to list it, and get no more tokens.
      method: 'DELETE',
      path: identityPath,
      action: `${identityType}/delete`,
      handle: (request) => {
        const existing = resources.get<IdentityBody>(identityId(request));
        if (!existing) return { status: 204 };
        resources.transaction(() => {
          entra.principals.delete(existing.body.properties.principalId);
          resources.delete(existing.id);
        });
        return { status: 200 };
      },
    },
  ];
}
