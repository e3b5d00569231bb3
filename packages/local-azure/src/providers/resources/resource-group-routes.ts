import { z } from 'zod';
import { locationRequired, resourceGroupNotFound } from '../../resource-manager/azure-error.ts';
import { findLocation } from '../../resource-manager/locations.ts';
import { parseFilter, readTop, unsupportedFilter } from '../../resource-manager/odata-filter.ts';
import type { Operations } from '../../resource-manager/operations.ts';
import { resourceName } from '../../resource-manager/resource-id.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { parseBody, trackedResourceSchema } from '../../resource-manager/tracked-resource.ts';
import type { ResourceRecord, Resources } from '../../store/resources.ts';
import { groupIsElsewhere, groupLocationNotAvailable, invalidGroupName } from './errors.ts';

const groupType = 'Microsoft.Resources/resourceGroups';

const list = '/subscriptions/{subscriptionId}/resourceGroups';
const item = `${list}/{resourceGroupName}`;
const action = (verb: string) => `Microsoft.Resources/subscriptions/resourceGroups/${verb}`;

const groupSchema = trackedResourceSchema.extend({ managedBy: z.string().nullish() });

export interface ResourceGroupRouteOptions {
  resources: Resources;
  operations: Operations;
  /** Deletes what the group holds, each by its own provider. */
  deleteContents(groupId: string, request: ArmRequest): Promise<void>;
}

const groupId = ({ params }: ArmRequest) =>
  `/subscriptions/${params.subscriptionId}/resourceGroups/${params.resourceGroupName}`;

const present = ({ id, body }: ResourceRecord) => ({
  id,
  name: resourceName(id),
  type: groupType,
  location: body.location,
  ...(body.tags ? { tags: body.tags } : {}),
  ...(body.properties.managedBy ? { managedBy: body.properties.managedBy } : {}),
  properties: { provisioningState: body.properties.provisioningState },
});

export function resourceGroupRoutes({
  resources,
  operations,
  deleteContents,
}: ResourceGroupRouteOptions): Route[] {
  const find = (request: ArmRequest) => {
    const found = resources.get(groupId(request));
    if (!found) throw resourceGroupNotFound(request.params.resourceGroupName!);
    return found;
  };

  return [
    {
      method: 'GET',
      path: list,
      action: action('read'),
      handle: ({ params, query }) => {
        const tag = readTagFilter(query.get('$filter'));
        const groups = resources
          .list(`/subscriptions/${params.subscriptionId}`, groupType)
          .filter(({ body }) => tag(body.tags ?? {}));
        return { status: 200, body: { value: groups.slice(0, readTop(query)).map(present) } };
      },
    },
    {
      method: 'GET',
      path: item,
      action: action('read'),
      handle: (request) => ({ status: 200, body: present(find(request)) }),
    },
    {
      method: 'PUT',
      path: item,
      action: action('write'),
      handle: (request) => {
        checkName(request.params.resourceGroupName!);
        const { location, tags, managedBy } = parseBody(groupSchema, request.body);
        const existing = resources.get(groupId(request));
        const record = resources.put(groupId(request), groupType, {
          location: resolveGroupLocation(location, existing),
          ...(tags ? { tags } : {}),
          properties: { provisioningState: 'Succeeded', ...(managedBy ? { managedBy } : {}) },
        });
        return { status: existing ? 200 : 201, body: present(record) };
      },
    },
    {
      method: 'PATCH',
      path: item,
      action: action('write'),
      handle: (request) => {
        const { id, body } = find(request);
        const { tags } = parseBody(groupSchema, request.body);
        const record = resources.put(id, groupType, { ...body, ...(tags ? { tags } : {}) });
        return { status: 200, body: present(record) };
      },
    },
    {
      method: 'DELETE',
      path: item,
      action: action('delete'),
      handle: (request) => {
        const { id, body } = find(request);
        const { provisioningState, ...properties } = body.properties;
        const mark = (state: unknown) =>
          resources.put(id, groupType, { ...body, properties: { ...properties, provisioningState: state } });
        mark('Deleting');
        return operations.start(request, async () => {
          try {
            await deleteContents(id, request);
            resources.delete(id);
          } catch (error) {
            mark('Succeeded');
            throw error;
          }
        });
      },
    },
  ];
}

/** Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources */
function checkName(name: string): void {
  if (!/^[\p{L}\p{N}_().-]{1,90}$/u.test(name) || name.endsWith('.')) throw invalidGroupName(name);
}

function resolveGroupLocation(wanted: string | undefined, existing?: ResourceRecord): string {
  if (!wanted) throw locationRequired();
  const location = findLocation(wanted);
  if (!location) throw groupLocationNotAvailable(wanted);
  if (existing && existing.body.location !== location) {
    throw groupIsElsewhere(location, existing.body.location);
  }
  return location;
}

/** `tagName eq 'x'`, with or without `and tagValue eq 'y'`. */
function readTagFilter(filter: string | null): (tags: Record<string, string>) => boolean {
  const conditions = parseFilter(filter);
  const unknown = conditions.find((one) => !('eq' in one) || !['tagname', 'tagvalue'].includes(one.eq));
  if (unknown) throw unsupportedFilter(unknown);
  const value = (name: string) =>
    conditions.flatMap((one) => ('eq' in one && one.eq === name ? [one.value] : []))[0];
  const [tagName, tagValue] = [value('tagname'), value('tagvalue')];
  return (tags) =>
    Object.entries(tags).some(
      ([name, held]) =>
        name.toLowerCase() === tagName?.toLowerCase() && (tagValue === undefined || held === tagValue),
    ) || tagName === undefined;
}
