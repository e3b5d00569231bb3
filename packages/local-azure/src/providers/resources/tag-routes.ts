import { z } from 'zod';
import { AzureError, badRequest } from '../../resource-manager/azure-error.ts';
import { parseResourceId, resourceName, resourceType } from '../../resource-manager/resource-id.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { checkTags } from '../../resource-manager/tags.ts';
import { parseBody } from '../../resource-manager/tracked-resource.ts';
import type { ResourceRecord, Resources } from '../../store/resources.ts';

type Tags = Record<string, string>;

const type = 'Microsoft.Resources/tags';
const path = `/{scope}/providers/${type}/default`;
export const subscriptionType = 'Microsoft.Resources/subscriptions';

/** Source: azure-rest-api-specs resources.json, "TagsResource" and "TagsPatchResource" */
const properties = z.object({ tags: z.record(z.string(), z.string()).optional() });
const putSchema = z.object({ properties });
const patchSchema = z.object({ operation: z.string(), properties: properties.optional() });

/** The tags of a subscription, a resource group or a resource, whatever its type: `az tag … --resource-id`. */
export function tagRoutes(resources: Resources): Route[] {
  /** What has the tags. A subscription has a record for them alone, from when it first has one. */
  function find({ params }: ArmRequest): ResourceRecord | undefined {
    const scope = params.scope!;
    const found = resources.get(scope);
    const id = parseResourceId(scope);
    const isSubscription = id?.subscriptionId && !id.resourceGroupName && id.resources.length === 0;
    if (found || isSubscription) return found;
    const name = id ? `${resourceType(id)}/${resourceName(scope)}` : scope;
    throw new AzureError(404, 'ResourceNotFound', `The Resource '${name}' was not found.`);
  }

  function write(request: ArmRequest, change: (tags: Tags) => Tags) {
    const found = find(request);
    const tags = change(found?.body.tags ?? {});
    checkTags(tags);
    const body = { properties: {}, ...found?.body, tags };
    resources.put(found?.id ?? request.params.scope!, found?.type ?? subscriptionType, body);
    return { status: 200, body: present(request, tags) };
  }

  return [
    {
      method: 'GET',
      path,
      action: `${type}/read`,
      handle: (request) => ({ status: 200, body: present(request, find(request)?.body.tags ?? {}) }),
    },
    {
      method: 'PUT',
      path,
      action: `${type}/write`,
      handle: (request) => write(request, () => parseBody(putSchema, request.body).properties.tags ?? {}),
    },
    {
      method: 'PATCH',
      path,
      action: `${type}/write`,
      handle: (request) => {
        const { operation, properties } = parseBody(patchSchema, request.body);
        const change = operations[operation.toLowerCase()];
        if (!change)
          throw badRequest('InvalidTagsOperation', `The operation '${operation}' on tags is not valid.`);
        return write(request, (tags) => change(tags, properties?.tags ?? {}));
      },
    },
    {
      method: 'DELETE',
      path,
      action: `${type}/delete`,
      handle: (request) => {
        write(request, () => ({}));
        return { status: 200 };
      },
    },
  ];
}

const present = ({ params }: ArmRequest, tags: Tags) => ({
  id: `${params.scope}/providers/${type}/default`,
  name: 'default',
  type,
  properties: { tags },
});

/** Of those that are to be deleted, a tag goes whose name and value are given. Names are compared without case. */
const operations: Record<string, (tags: Tags, given: Tags) => Tags> = {
  replace: (_, given) => given,
  merge: (tags, given) => ({ ...without(tags, (name) => named(given, name) !== undefined), ...given }),
  delete: (tags, given) => without(tags, (name, value) => named(given, name) === value),
};

const named = (tags: Tags, name: string): string | undefined =>
  Object.entries(tags).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];

const without = (tags: Tags, goes: (name: string, value: string) => boolean): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([name, value]) => !goes(name, value)));
