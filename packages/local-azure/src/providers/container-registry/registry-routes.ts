import { z } from 'zod';
import { pageOf } from '../../resource-manager/paging.ts';
import { checkReservedName } from '../../resource-manager/reserved-names.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { parseBody, resolveLocation } from '../../resource-manager/tracked-resource.ts';
import { nameRefused, skuRequired } from './errors.ts';
import {
  defaultSettings,
  loginServerOf,
  newPassword,
  present,
  type RegistryBody,
  registryType,
} from './model.ts';
import {
  type ContainerRegistryContext,
  groupId,
  groupPath,
  putRegistry,
  registryId,
  registryPath,
  requireRegistry,
  subscriptionPath,
} from './registries.ts';
import { readRegistry } from './request.ts';
import { checkName } from './rules.ts';

const nameSchema = z.object({ name: z.string(), type: z.string() });

/** `Microsoft.ContainerRegistry/registries`. */
export function registryRoutes(context: ContainerRegistryContext): Route[] {
  const { resources, onCreated, onDeleted } = context;
  const list = (request: ArmRequest, under: string) => ({
    status: 200,
    body: pageOf(request, (part) => resources.list<RegistryBody>(under, registryType, part), present),
  });

  return [
    {
      method: 'GET',
      path: `${subscriptionPath}/providers/${registryType}`,
      action: `${registryType}/read`,
      handle: (request) => list(request, `/subscriptions/${request.params.subscriptionId}`),
    },
    {
      method: 'GET',
      path: `${groupPath}/providers/${registryType}`,
      action: `${registryType}/read`,
      handle: (request) => list(request, groupId(request)),
    },
    {
      method: 'POST',
      path: `${subscriptionPath}/providers/Microsoft.ContainerRegistry/checkNameAvailability`,
      action: 'Microsoft.ContainerRegistry/checkNameAvailability/read',
      handle: ({ body }) => {
        const problem = checkName(parseBody(nameSchema, body).name, resources);
        return { status: 200, body: { nameAvailable: !problem, ...problem } };
      },
    },
    {
      method: 'GET',
      path: registryPath,
      action: `${registryType}/read`,
      handle: (request) => ({ status: 200, body: present(requireRegistry(resources, request)) }),
    },
    {
      method: 'PUT',
      path: registryPath,
      action: `${registryType}/write`,
      handle: async (request) => {
        const id = registryId(request);
        const name = request.params.registryName!;
        const problem = checkName(name, resources, id);
        if (problem) throw nameRefused(problem);
        const wanted = readRegistry(request.body);
        const existing = resources.get<RegistryBody>(id);
        if (!existing) checkReservedName(name);
        const location = resolveLocation(registryType, name, wanted.location, existing);
        if (!wanted.sku) throw skuRequired();
        const record = putRegistry(resources, id, {
          location,
          sku: { name: wanted.sku },
          ...(wanted.tags ? { tags: wanted.tags } : {}),
          properties: {
            ...defaultSettings,
            ...wanted.settings,
            loginServer: loginServerOf(name),
            adminPasswords: existing?.body.properties.adminPasswords ?? [newPassword(), newPassword()],
          },
        });
        if (!existing) await onCreated(record.body.properties.loginServer);
        return { status: existing ? 200 : 201, body: present(record) };
      },
    },
    {
      method: 'PATCH',
      path: registryPath,
      action: `${registryType}/write`,
      handle: (request) => {
        const { id, body } = requireRegistry(resources, request);
        const { sku, tags, settings } = readRegistry(request.body);
        const record = putRegistry(resources, id, {
          ...body,
          ...(sku ? { sku: { name: sku } } : {}),
          ...(tags ? { tags } : {}),
          properties: { ...body.properties, ...settings },
        });
        return { status: 200, body: present(record) };
      },
    },
    {
      method: 'DELETE',
      path: registryPath,
      action: `${registryType}/delete`,
      handle: (request) => {
        const existing = resources.get<RegistryBody>(registryId(request));
        if (!existing) return { status: 204 };
        resources.delete(existing.id);
        onDeleted(existing.body.properties.loginServer);
        return { status: 200 };
      },
    },
  ];
}
