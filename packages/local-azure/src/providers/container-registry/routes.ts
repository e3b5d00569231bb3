import { z } from 'zod';
import { resourceNotFound } from '../../resource-manager/azure-error.ts';
import { resourceName } from '../../resource-manager/resource-id.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { parseBody, resolveLocation } from '../../resource-manager/tracked-resource.ts';
import type { Resources } from '../../store/resources.ts';
import { adminUserDisabled, nameRefused, skuRequired } from './errors.ts';
import {
  defaultSettings,
  loginServerOf,
  newPassword,
  present,
  type RegistryBody,
  type RegistryRecord,
  registryType,
} from './model.ts';
import { readRegistry } from './request.ts';
import { checkName, checkSku, limits } from './rules.ts';

export interface ContainerRegistryRouteOptions {
  resources: Resources;
  /** The bytes that a registry's layers and manifests take. */
  storedBytes(loginServer: string): number;
  /** Forgets the content of a registry that was deleted. */
  onDeleted(loginServer: string): void;
}

const subscription = '/subscriptions/{subscriptionId}';
const group = `${subscription}/resourceGroups/{resourceGroupName}`;
const item = `${group}/providers/${registryType}/{registryName}`;

const registryId = ({ params }: ArmRequest) =>
  `/subscriptions/${params.subscriptionId}/resourceGroups/${params.resourceGroupName}` +
  `/providers/${registryType}/${params.registryName}`;

const nameSchema = z.object({ name: z.string(), type: z.string() });
const passwordNameSchema = z.object({ name: z.enum(['password', 'password2']) });

/** `Microsoft.ContainerRegistry`. */
export function containerRegistryRoutes({
  resources,
  storedBytes,
  onDeleted,
}: ContainerRegistryRouteOptions): Route[] {
  const find = (request: ArmRequest): RegistryRecord => {
    const found = resources.get<RegistryBody>(registryId(request));
    if (found) return found;
    const { registryName, resourceGroupName } = request.params;
    throw resourceNotFound(registryType, registryName!, resourceGroupName!);
  };
  const list = (scope: string) => ({
    status: 200,
    body: { value: resources.list<RegistryBody>(scope, registryType).map(present) },
  });
  const put = (id: string, body: RegistryBody): RegistryRecord => {
    checkSku(body.sku.name, body.properties);
    return resources.put(id, registryType, body, body.properties.loginServer);
  };

  return [
    {
      method: 'GET',
      path: `${subscription}/providers/${registryType}`,
      action: `${registryType}/read`,
      handle: ({ params }) => list(`/subscriptions/${params.subscriptionId}`),
    },
    {
      method: 'GET',
      path: `${group}/providers/${registryType}`,
      action: `${registryType}/read`,
      handle: ({ params }) =>
        list(`/subscriptions/${params.subscriptionId}/resourceGroups/${params.resourceGroupName}`),
    },
    {
      method: 'POST',
      path: `${subscription}/providers/Microsoft.ContainerRegistry/checkNameAvailability`,
      action: 'Microsoft.ContainerRegistry/checkNameAvailability/read',
      handle: ({ body }) => {
        const problem = checkName(parseBody(nameSchema, body).name, resources);
        return { status: 200, body: { nameAvailable: !problem, ...problem } };
      },
    },
    {
      method: 'GET',
      path: item,
      action: `${registryType}/read`,
      handle: (request) => ({ status: 200, body: present(find(request)) }),
    },
    {
      method: 'PUT',
      path: item,
      action: `${registryType}/write`,
      handle: (request) => {
        const id = registryId(request);
        const name = request.params.registryName!;
        const problem = checkName(name, resources, id);
        if (problem) throw nameRefused(problem);
        const wanted = readRegistry(request.body);
        const existing = resources.get<RegistryBody>(id);
        const location = resolveLocation(registryType, name, wanted.location, existing);
        if (!wanted.sku) throw skuRequired();
        const record = put(id, {
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
        return { status: existing ? 200 : 201, body: present(record) };
      },
    },
    {
      method: 'PATCH',
      path: item,
      action: `${registryType}/write`,
      handle: (request) => {
        const { id, body } = find(request);
        const { sku, tags, settings } = readRegistry(request.body);
        const record = put(id, {
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
      path: item,
      action: `${registryType}/delete`,
      handle: (request) => {
        const existing = resources.get<RegistryBody>(registryId(request));
        if (!existing) return { status: 204 };
        resources.delete(existing.id);
        onDeleted(existing.body.properties.loginServer);
        return { status: 200 };
      },
    },
    {
      method: 'POST',
      path: `${item}/listCredentials`,
      action: `${registryType}/listCredentials/action`,
      handle: (request) => ({ status: 200, body: credentials(requireAdminUser(find(request))) }),
    },
    {
      method: 'POST',
      path: `${item}/regenerateCredential`,
      action: `${registryType}/regenerateCredential/action`,
      handle: (request) => {
        const { id, body } = requireAdminUser(find(request));
        const { name } = parseBody(passwordNameSchema, request.body);
        const [first, second] = body.properties.adminPasswords;
        const adminPasswords: [string, string] =
          name === 'password' ? [newPassword(), second] : [first, newPassword()];
        const record = put(id, { ...body, properties: { ...body.properties, adminPasswords } });
        return { status: 200, body: credentials(record) };
      },
    },
    {
      method: 'GET',
      path: `${item}/listUsages`,
      action: `${registryType}/listUsages/read`,
      handle: (request) => {
        const { body } = find(request);
        const { storage, webhooks, replications } = limits[body.sku.name];
        const used = storedBytes(body.properties.loginServer);
        const value = [
          { name: 'Size', limit: storage, currentValue: used, unit: 'Bytes' },
          { name: 'Webhooks', limit: webhooks, currentValue: 0, unit: 'Count' },
          ...(replications
            ? [{ name: 'Geo-replications', limit: replications, currentValue: 0, unit: 'Count' }]
            : []),
        ];
        return { status: 200, body: { value } };
      },
    },
  ];
}

function requireAdminUser(record: RegistryRecord): RegistryRecord {
  if (!record.body.properties.adminUserEnabled) throw adminUserDisabled(record.id);
  return record;
}

const credentials = ({ id, body }: RegistryRecord) => ({
  username: resourceName(id),
  passwords: [
    { name: 'password', value: body.properties.adminPasswords[0] },
    { name: 'password2', value: body.properties.adminPasswords[1] },
  ],
});
