import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { notImplemented } from '../../resource-manager/azure-error.ts';
import { parseBody, trackedResourceSchema } from '../../resource-manager/tracked-resource.ts';
import { withoutNull, word } from './request.ts';
import { type WebhookProperties, webhookActions } from './webhook-model.ts';
import { isScope } from './webhook-scope.ts';

const serviceUri = z
  .string()
  .refine(isWebAddress, { error: "The property 'serviceUri' is not an absolute http or https URI." });

/** Headers that a request's own framing decides. */
const framing = ['connection', 'content-length', 'host', 'transfer-encoding', 'upgrade'];

const customHeaders = z.record(z.string(), z.string()).superRefine((headers, context) => {
  for (const [name, value] of Object.entries(headers))
    if (!isHeader(name, value)) context.addIssue(`'${name}' cannot be a custom header with that value.`);
});

const webhookSchema = trackedResourceSchema.extend({
  properties: z
    .object({
      serviceUri: serviceUri.nullish(),
      customHeaders: customHeaders.nullish(),
      status: word('enabled', 'disabled').nullish(),
      scope: z
        .string()
        .refine(isScope, {
          error: "The property 'scope' has to be 'repository', 'repository:tag' or 'repository:*'.",
        })
        .nullish(),
      actions: z
        .array(word(...webhookActions, 'quarantine'))
        .min(1)
        .nullish(),
    })
    .nullish(),
});

/** What a PUT or PATCH asks for: only what the body names. */
export interface WebhookChange {
  location?: string | undefined;
  tags?: Record<string, string>;
  properties: Partial<WebhookProperties>;
}

/** Reads the body of a PUT or PATCH of a webhook. */
export function readWebhook(body: unknown): WebhookChange {
  const { location, tags, properties } = parseBody(webhookSchema, body);
  const { actions, ...rest } = properties ?? {};
  return {
    location,
    ...(tags ? { tags } : {}),
    properties: withoutNull({ ...rest, actions: actions?.map(happensHere) }),
  };
}

function happensHere(action: WebhookProperties['actions'][number] | 'quarantine') {
  if (action === 'quarantine') throw notImplemented('quarantine of images');
  return action;
}

/** An absolute URI, whose user and password, if it has them, can be read. */
function isWebAddress(text: string): boolean {
  try {
    const { protocol, username, password } = new URL(text);
    decodeURIComponent(username + password);
    return protocol === 'http:' || protocol === 'https:';
  } catch {
    return false;
  }
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return !framing.includes(name.toLowerCase());
  } catch {
    return false;
  }
}
