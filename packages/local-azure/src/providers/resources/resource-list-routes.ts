import { type Condition, parseFilter, unsupportedFilter } from '../../resource-manager/odata-filter.ts';
import { filtered, pageOf } from '../../resource-manager/paging.ts';
import { parseResourceId, resourceName, sameId } from '../../resource-manager/resource-id.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { presentTracked } from '../../resource-manager/tracked-resource.ts';
import type { ResourceRecord, Resources } from '../../store/resources.ts';
import type { ResourceType } from './resource-types.ts';
import { hasTag, wantedValue } from './tag-filter.ts';

/** Resources whatever their provider: those that have a location. */
export function resourceListRoutes(resources: Resources, types: ReadonlyMap<string, ResourceType>): Route[] {
  const typeOf = (record: ResourceRecord): string => {
    const { namespace, type } = types.get(record.type)!;
    return `${namespace}/${type}`;
  };
  const handle = (scope: string, request: ArmRequest) => {
    const conditions = parseFilter(request.query.get('$filter'));
    const expand = new Set((request.query.get('$expand') ?? '').split(',').map((name) => name.trim()));
    // A type that is asked for is found by index.
    const only = wantedValue(conditions, 'resourcetype')?.toLowerCase();
    const read = filtered(
      (part) => resources.list(scope, only ?? [...types.keys()], part),
      (record) =>
        record.body.location !== undefined &&
        types.has(record.type) &&
        conditions.every((condition) => matches(record, typeOf(record), condition)) &&
        hasTag(record.body.tags, conditions),
    );
    const body = pageOf(request, read, (record) => ({
      ...presentTracked(record, typeOf(record)),
      ...expanded(record, expand),
    }));
    return { status: 200, body };
  };
  const subscription = '/subscriptions/{subscriptionId}';
  const group = `${subscription}/resourceGroups/{resourceGroupName}`;

  return [
    {
      method: 'GET',
      path: `${subscription}/resources`,
      action: 'Microsoft.Resources/subscriptions/resources/read',
      handle: (request) => handle(`/subscriptions/${request.params.subscriptionId}`, request),
    },
    {
      method: 'GET',
      path: `${group}/resources`,
      action: 'Microsoft.Resources/subscriptions/resourceGroups/resources/read',
      handle: (request) => handle(request.path.slice(0, -'/resources'.length), request),
    },
  ];
}

function expanded({ createdOn, changedOn, body }: ResourceRecord, expand: ReadonlySet<string>) {
  return {
    ...(expand.has('createdTime') ? { createdTime: new Date(createdOn).toISOString() } : {}),
    ...(expand.has('changedTime') ? { changedTime: new Date(changedOn).toISOString() } : {}),
    ...(expand.has('provisioningState')
      ? { provisioningState: body.properties.provisioningState ?? 'Succeeded' }
      : {}),
  };
}

function matches({ id, body }: ResourceRecord, type: string, condition: Condition): boolean {
  if ('call' in condition) {
    const [part, property] = condition.args;
    if (condition.call !== 'substringof' || property?.toLowerCase() !== 'name')
      throw unsupportedFilter(condition);
    return resourceName(id).toLowerCase().includes(part!.toLowerCase());
  }
  const { value } = condition;
  switch (condition.eq) {
    case 'resourcetype':
      return sameId(type, value);
    case 'name':
      return sameId(resourceName(id), value);
    case 'resourcegroup':
      return sameId(parseResourceId(id)?.resourceGroupName ?? '', value);
    case 'location':
      return body.location === value.toLowerCase();
    // A name and a value are of one and the same tag: `hasTag`.
    case 'tagname':
    case 'tagvalue':
      return true;
    default:
      throw unsupportedFilter(condition);
  }
}
