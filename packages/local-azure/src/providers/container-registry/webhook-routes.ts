import { resourceNotFound } from '../../resource-manager/azure-error.ts';
import { pageOf, partsOf } from '../../resource-manager/paging.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { resolveLocation } from '../../resource-manager/tracked-resource.ts';
import { childNameInvalid, quotaExceeded, webhookElsewhere, webhookIncomplete } from './errors.ts';
import type { RegistryRecord } from './model.ts';
import { type ContainerRegistryContext, registryId, registryPath, requireRegistry } from './registries.ts';
import { limits } from './rules.ts';
import { presentWebhook, type WebhookBody, type WebhookRecord, webhookType } from './webhook-model.ts';
import { readWebhook } from './webhook-request.ts';

const listPath = `${registryPath}/webhooks`;
const itemPath = `${listPath}/{webhookName}`;

const webhookId = (request: ArmRequest) => `${registryId(request)}/webhooks/${request.params.webhookName}`;

/** `Microsoft.ContainerRegistry/registries/webhooks`. */
export function webhookRoutes({ resources, webhooks }: ContainerRegistryContext): Route[] {
  const ofRegistry = ({ id }: RegistryRecord) => resources.list<WebhookBody>(id, webhookType);

  const requireWebhook = (request: ArmRequest): WebhookRecord => {
    const found = resources.get<WebhookBody>(webhookId(request));
    if (found) return found;
    const { registryName, webhookName, resourceGroupName } = request.params;
    throw resourceNotFound(webhookType, `${registryName}/${webhookName}`, resourceGroupName!);
  };

  const requireQuota = (registry: RegistryRecord) => {
    const sku = registry.body.sku.name;
    if (ofRegistry(registry).length >= limits[sku].webhooks) throw quotaExceeded('webhooks', sku);
  };

  return [
    {
      method: 'GET',
      path: listPath,
      action: `${webhookType}/read`,
      handle: (request) => {
        const found = ofRegistry(requireRegistry(resources, request));
        return { status: 200, body: pageOf(request, partsOf(found), presentWebhook) };
      },
    },
    {
      method: 'GET',
      path: itemPath,
      action: `${webhookType}/read`,
      handle: (request) => ({ status: 200, body: presentWebhook(requireWebhook(request)) }),
    },
    {
      // 200 for a new one, too. Source: azure-cli tests, recording test_acr_create_webhook.yaml
      method: 'PUT',
      path: itemPath,
      action: `${webhookType}/write`,
      handle: (request) => {
        const registry = requireRegistry(resources, request);
        const id = webhookId(request);
        const name = request.params.webhookName!;
        if (!/^[a-z0-9]{5,50}$/i.test(name)) throw childNameInvalid(name, 'alpha numeric characters');
        const { location: wanted, tags, properties } = readWebhook(request.body);
        const existing = resources.get(id);
        const location = resolveLocation(webhookType, name, wanted, existing);
        // A webhook hears of its region's replica, and a registry has none but its home.
        if (location !== registry.body.location) throw webhookElsewhere(location, registry.body.location);
        const { serviceUri, actions } = properties;
        if (!serviceUri || !actions) throw webhookIncomplete();
        if (!existing) requireQuota(registry);
        const record = resources.put<WebhookBody>(id, webhookType, {
          location,
          ...(tags ? { tags } : {}),
          properties: { customHeaders: {}, status: 'enabled', scope: '', ...properties, serviceUri, actions },
        });
        return { status: 200, body: presentWebhook(record) };
      },
    },
    {
      method: 'PATCH',
      path: itemPath,
      action: `${webhookType}/write`,
      handle: (request) => {
        const { id, body } = requireWebhook(request);
        const { tags, properties } = readWebhook(request.body);
        const record = resources.put<WebhookBody>(id, webhookType, {
          ...body,
          ...(tags ? { tags } : {}),
          properties: { ...body.properties, ...properties },
        });
        return { status: 200, body: presentWebhook(record) };
      },
    },
    {
      method: 'DELETE',
      path: itemPath,
      action: `${webhookType}/delete`,
      handle: (request) => ({ status: resources.delete(webhookId(request)) ? 200 : 204 }),
    },
    {
      method: 'POST',
      path: `${itemPath}/ping`,
      action: `${webhookType}/ping/action`,
      handle: async (request) => ({
        status: 200,
        body: { id: await webhooks.ping(requireWebhook(request)) },
      }),
    },
    {
      method: 'POST',
      path: `${itemPath}/getCallbackConfig`,
      action: `${webhookType}/getCallbackConfig/action`,
      handle: (request) => {
        const { serviceUri, customHeaders } = requireWebhook(request).body.properties;
        return { status: 200, body: { serviceUri, customHeaders } };
      },
    },
    {
      method: 'POST',
      path: `${itemPath}/listEvents`,
      action: `${webhookType}/listEvents/action`,
      handle: (request) => ({ status: 200, body: { value: webhooks.events(requireWebhook(request).id) } }),
    },
  ];
}
