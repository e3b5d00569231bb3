import { AzureError } from '../../resource-manager/azure-error.ts';
import { resourceName } from '../../resource-manager/resource-id.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { checkTags } from '../../resource-manager/tags.ts';
import type { ResourceBody, ResourceRecord, Resources } from '../../store/resources.ts';
import { groupType } from './resource-group.ts';
import { subscriptionType } from './tag-routes.ts';

const recordType = 'Microsoft.Resources/subscriptions/tagNames';
const list = '/subscriptions/{subscriptionId}/tagNames';
const item = `${list}/{tagName}`;
const value = `${item}/tagValues/{tagValue}`;
const action = (verb: string) => `Microsoft.Resources/subscriptions/tagNames/${verb}`;

interface TagNameBody extends ResourceBody {
  properties: { values: string[] };
}
type TagNameRecord = ResourceRecord<TagNameBody>;

/**
 * The tags that are in use in a subscription, and those that it offers besides:
 * `az tag list`, and `create|add-value|remove-value|delete --name`.
 */
export function tagNameRoutes(resources: Resources, types: ReadonlyMap<string, unknown>): Route[] {
  const tagged = [...types.keys(), groupType, subscriptionType];
  const idOf = ({ params }: ArmRequest) =>
    `/subscriptions/${params.subscriptionId}/tagNames/${params.tagName}`;
  const put = (id: string, values: string[]) =>
    resources.put<TagNameBody>(id, recordType, { properties: { values } });

  function require(request: ArmRequest): TagNameRecord {
    const found = resources.get<TagNameBody>(idOf(request));
    if (!found) throw tagNotFound(request.params.tagName!);
    return found;
  }

  return [
    {
      method: 'GET',
      path: list,
      action: action('read'),
      handle: ({ params }) => {
        const id = `/subscriptions/${params.subscriptionId}`;
        const offered = resources.list<TagNameBody>(id, recordType);
        const own = resources.get(id);
        const used = [...(own ? [own] : []), ...resources.list(id, tagged)];
        return { status: 200, body: { value: summarize(id, offered, used) } };
      },
    },
    {
      method: 'PUT',
      path: item,
      action: action('write'),
      handle: (request) => {
        const name = request.params.tagName!;
        checkTags({ [name]: '' });
        const existing = resources.get<TagNameBody>(idOf(request));
        return existing
          ? { status: 200, body: present(existing) }
          : { status: 201, body: present(put(idOf(request), [])) };
      },
    },
    {
      method: 'DELETE',
      path: item,
      action: action('delete'),
      handle: (request) => {
        const existing = resources.get<TagNameBody>(idOf(request));
        if (!existing) return { status: 204 };
        if (existing.body.properties.values.length > 0) throw tagHasValues(request.params.tagName!);
        resources.delete(existing.id);
        return { status: 200 };
      },
    },
    {
      method: 'PUT',
      path: value,
      action: 'Microsoft.Resources/subscriptions/tagNames/tagValues/write',
      handle: (request) => {
        const found = require(request);
        const { tagName = '', tagValue = '' } = request.params;
        checkTags({ [tagName]: tagValue });
        const { values } = found.body.properties;
        const isNew = !values.includes(tagValue);
        if (isNew) put(found.id, [...values, tagValue]);
        return { status: isNew ? 201 : 200, body: presentValue(found.id, tagValue) };
      },
    },
    {
      method: 'DELETE',
      path: value,
      action: 'Microsoft.Resources/subscriptions/tagNames/tagValues/delete',
      handle: (request) => {
        const { id, body } = require(request);
        const { values } = body.properties;
        const kept = values.filter((one) => one !== request.params.tagValue);
        if (kept.length === values.length) return { status: 204 };
        put(id, kept);
        return { status: 200 };
      },
    },
  ];
}

/** Each name with its values, and how many have it. Names are compared without case, values are not. */
function summarize(subscription: string, offered: TagNameRecord[], used: ResourceRecord[]) {
  const names = new Map<string, { id: string; values: Map<string, number> }>();
  const add = (tagName: string, tagValues: string[], times: number) => {
    const id = `${subscription}/tagNames/${tagName}`;
    const { values } = names.get(tagName.toLowerCase()) ?? { values: new Map() };
    if (!names.has(tagName.toLowerCase())) names.set(tagName.toLowerCase(), { id, values });
    for (const one of tagValues) values.set(one, (values.get(one) ?? 0) + times);
  };
  for (const { id, body } of offered) add(resourceName(id), body.properties.values, 0);
  for (const { body } of used) {
    for (const [name, one] of Object.entries(body.tags ?? {})) add(name, [one], 1);
  }
  return [...names.values()].map(({ id, values }) => summary(id, values));
}

const counted = (times: number) => ({ type: 'Total', value: times });

const presentValue = (tagId: string, tagValue: string, times = 0) => ({
  id: `${tagId}/tagValues/${tagValue}`,
  tagValue,
  count: counted(times),
});

const summary = (id: string, values: ReadonlyMap<string, number>) => ({
  id,
  tagName: resourceName(id),
  count: counted([...values.values()].reduce((sum, times) => sum + times, 0)),
  values: [...values].map(([one, times]) => presentValue(id, one, times)),
});

const present = ({ id, body }: TagNameRecord) =>
  summary(id, new Map(body.properties.values.map((one) => [one, 0])));

const tagNotFound = (name: string) =>
  new AzureError(404, 'TagNotFound', `The tag '${name}' could not be found.`);

const tagHasValues = (name: string) =>
  new AzureError(409, 'TagNameHasValues', `The tag '${name}' has values. Delete them before the tag.`);
