import { z } from 'zod';
import { locationRequired, resourceGroupNotFound } from '../../resource-manager/azure-error.ts';
import { findLocation } from '../../resource-manager/locations.ts';
import { parseFilter, unsupportedFilter } from '../../resource-manager/odata-filter.ts';
import { filtered, pageOf } from '../../resource-manager/paging.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { parseBody, trackedResourceSchema } from '../../resource-manager/tracked-resource.ts';
import type { ResourceRecord, Resources } from '../../store/resources.ts';
import { groupIsElsewhere, groupLocationNotAvailable, invalidGroupName } from './errors.ts';
import type { GroupDeletion } from './group-deletion.ts';
import { groupType, presentGroup as present } from './resource-group.ts';
import { hasTag, isOfTags } from './tag-filter.ts';

const list = '/subscriptions/{subscriptionId}/resourceGroups';
const item = `${list}/{resourceGroupName}`;
const action = (verb: string) => `Microsoft.Resources/subscriptions/resourceGroups/${verb}`;

const groupSchema = trackedResourceSchema.extend({ managedBy: z.string().nullish() });

const groupId = ({ params }: ArmRequest) =>
  `/subscriptions/${params.subscriptionId}/resourceGroups/${params.resourceGroupName}`;

export function resourceGroupRoutes(resources: Resources, deletion: GroupDeletion): Route[] {
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
      handle: (request) => {
        const conditions = parseFilter(request.query.get('$filter'));
        const unknown = conditions.find((one) => !isOfTags(one));
        if (unknown) throw unsupportedFilter(unknown);
        const under = `/subscriptions/${request.params.subscriptionId}`;
        const read = filtered(
          (part) => resources.list(under, groupType, part),
          ({ body }) => hasTag(body.tags, conditions),
        );
        return { status: 200, body: pageOf(request, read, present) };
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
      handle: (request) => deletion.start(find(request), request),
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
