import { presentTracked } from '../../resource-manager/tracked-resource.ts';
import type { ResourceBody, ResourceRecord } from '../../store/resources.ts';
import { registryType } from './model.ts';

export const webhookType = `${registryType}/webhooks`;

/** Source: azure-rest-api-specs containerregistry 2023-07-01 WebhookAction, less `quarantine`, which never happens here. */
export const webhookActions = ['push', 'delete', 'chart_push', 'chart_delete'] as const;

/** Source: azure-rest-api-specs containerregistry 2023-07-01 WebhookPropertiesCreateParameters */
export interface WebhookProperties extends Record<string, unknown> {
  /** Where events go. May hold a password; never shown but by `getCallbackConfig`. */
  serviceUri: string;
  /** As secret as the URI. */
  customHeaders: Record<string, string>;
  status: 'enabled' | 'disabled';
  /** `repository:tag`, `repository:*`, or empty for all of the registry. */
  scope: string;
  actions: (typeof webhookActions)[number][];
}

export interface WebhookBody extends ResourceBody {
  location: string;
  properties: WebhookProperties;
}

export type WebhookRecord = ResourceRecord<WebhookBody>;

/** The webhook as its clients see it. */
export function presentWebhook(record: WebhookRecord) {
  const { status, scope, actions } = record.body.properties;
  return {
    ...presentTracked(record, webhookType),
    properties: { status, scope, actions, provisioningState: 'Succeeded' },
  };
}
