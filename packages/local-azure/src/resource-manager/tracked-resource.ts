import { z } from 'zod';
import type { ResourceRecord } from '../store/resources.ts';
import { AzureError, badRequest, locationRequired } from './azure-error.ts';
import { findLocation, locations } from './locations.ts';
import { parseResourceId, resourceName } from './resource-id.ts';

/** What Resource Manager itself reads of every resource that has a location. */
export const trackedResourceSchema = z.object({
  location: z.string().optional(),
  tags: z.record(z.string(), z.string()).nullish(),
});

/** Reads a body by its schema, and says what does not fit as Resource Manager does. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  throw badRequest(
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: '${explain(result.error.issues[0]!)}'.`,
  );
}

function explain({ message, path }: z.core.$ZodIssue): string {
  const at = (names: PropertyKey[]) => (names.length > 0 ? ` Path '${names.join('.')}'.` : '');
  return message.endsWith('received undefined')
    ? `Required property '${String(path.at(-1))}' not found in JSON.${at(path.slice(0, -1))}`
    : `${message}${at(path)}`;
}

/** The region that a new or existing resource of `type` is in; a resource never moves. */
export function resolveLocation(
  type: string,
  name: string,
  wanted: string | undefined,
  existing: ResourceRecord | undefined,
): string {
  if (!wanted) throw locationRequired();
  const location = findLocation(wanted);
  if (!location) {
    throw badRequest(
      'LocationNotAvailableForResourceType',
      `The provided location '${wanted}' is not available for resource type '${type}'. ` +
        `List of available regions for the resource type is '${locations.map((one) => one.name).join(',')}'.`,
    );
  }
  const current = existing?.body.location;
  if (current && current !== location) {
    throw new AzureError(
      409,
      'InvalidResourceLocation',
      `The resource '${name}' already exists in location '${current}' in resource group ` +
        `'${parseResourceId(existing.id)?.resourceGroupName}'. A resource with the same name cannot be created in ` +
        `location '${location}'. Please select a new resource name.`,
    );
  }
  return location;
}

/** The members that every tracked resource shows alike; `type` in the namespace's own spelling. */
export const presentTracked = (record: ResourceRecord, type: string) => ({
  id: record.id,
  name: resourceName(record.id),
  type,
  location: record.body.location,
  tags: record.body.tags ?? {},
  ...(record.body.kind ? { kind: record.body.kind } : {}),
  ...(record.body.sku ? { sku: record.body.sku } : {}),
  ...(record.body.identity ? { identity: record.body.identity } : {}),
});
