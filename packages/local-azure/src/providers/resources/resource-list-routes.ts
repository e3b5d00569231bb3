import {
  type Condition,
  parseFilter,
  readTop,
  unsupportedFilter,
} from '../../resource-manager/odata-filter.ts';
import { parseResourceId, resourceName, sameId } from '../../resource-manager/resource-id.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { presentTracked } from '../../resource-manager/tracked-resource.ts';
import type { ResourceRecord, Resources } from '../../store/resources.ts';
import type { ResourceType } from './resource-types.ts';

/** Resources whatever their provider: those that have a location. */
export function resourceListRoutes(resources: Resources, types: ReadonlyMap<string, ResourceType>): Route[] {
  const handle = (scope: string, { query }: ArmRequest) => {
    const conditions = parseFilter(query.get('$filter'));
    const expand = new Set((query.get('$expand') ?? '').split(',').map((name) => name.trim()));
    const found = trackedResources(resources, types, scope).filter(({ record, type }) =>
      conditions.every((condition) => matches(record, type, condition)),
    );
    const value = found.slice(0, readTop(query)).map(({ record, type }) => ({
      ...presentTracked(record, type),
      ...expanded(record, expand),
    }));
    return { status: 200, body: { value } };
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

/** All resources with a location below the scope, with their type in its provider's spelling. */
export const trackedResources = (
  resources: Resources,
  types: ReadonlyMap<string, ResourceType>,
  scope: string,
): { record: ResourceRecord; type: string }[] =>
  [...types].flatMap(([key, { namespace, type }]) =>
    resources
      .list(scope, key)
      .filter(({ body }) => body.location !== undefined)
      .map((record) => ({ record, type: `${namespace}/${type}` })),
  );

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
  if ('call' in condition) throw unsupportedFilter(condition);
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
    case 'tagname':
      return Object.keys(body.tags ?? {}).some((name) => sameId(name, value));
    case 'tagvalue':
      return Object.values(body.tags ?? {}).includes(value);
    default:
      throw unsupportedFilter(condition);
  }
}
