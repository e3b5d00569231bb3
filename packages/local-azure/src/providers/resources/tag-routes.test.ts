import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer } from '../../../test/arm-server.ts';

const group = `${root}/resourceGroups/blog`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge1`;
const tagsOf = (scope: string) => `${scope}/providers/Microsoft.Resources/tags/default`;
let arm: ArmServer;

beforeAll(async () => {
  arm = await startArmServer();
  await arm.call('PUT', group, { body: { location: 'japaneast' } });
  await arm.call('PUT', registry, { body: { location: 'japaneast', sku: { name: 'Basic' } } });
});
afterAll(() => arm.close());

describe.each([
  ['a subscription', root],
  ['a resource group', group],
  ['a resource', registry],
])('the tags of %s', (_name, scope) => {
  const patch = async (operation: string, tags: object) =>
    (await arm.call('PATCH', tagsOf(scope), { body: { operation, properties: { tags } } })).body.properties
      .tags;

  test('are put, merged, replaced, deleted and read', async () => {
    const put = await arm.call('PUT', tagsOf(scope), {
      body: { properties: { tags: { env: 'test', a: '1' } } },
    });
    expect(put).toMatchObject({
      status: 200,
      body: { id: tagsOf(scope), properties: { tags: { env: 'test' } } },
    });
    expect(await patch('Merge', { ENV: 'live', b: '2' })).toEqual({ a: '1', ENV: 'live', b: '2' });
    expect(await patch('Delete', { b: '2', a: 'another value' })).toEqual({ a: '1', ENV: 'live' });
    expect(await patch('Replace', { team: 'x' })).toEqual({ team: 'x' });
    expect((await arm.call('GET', tagsOf(scope))).body.properties.tags).toEqual({ team: 'x' });
    if (scope !== root) expect((await arm.call('GET', scope)).body.tags).toEqual({ team: 'x' });
    expect((await arm.call('DELETE', tagsOf(scope))).status).toBe(200);
    expect((await arm.call('GET', tagsOf(scope))).body.properties.tags).toEqual({});
  });

  test.each([
    ['an unknown operation', { operation: 'Rename', properties: { tags: {} } }, 'InvalidTagsOperation'],
    [
      'a name that is none',
      { operation: 'Merge', properties: { tags: { 'a?': '' } } },
      'InvalidTagNameCharacters',
    ],
    ['nothing', {}, 'InvalidRequestContent'],
  ])('are left as they are by %s', async (_what, body, code) => {
    const answer = await arm.call('PATCH', tagsOf(scope), { body });
    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
  });
});

test('what is not there has no tags', async () => {
  expect((await arm.call('GET', tagsOf(`${registry}2`))).body.error.code).toBe('ResourceNotFound');
});

test('the list of tags counts those in use, and has those that are offered', async () => {
  await arm.call('PATCH', group, { body: { tags: { Env: 'test' } } });
  await arm.call('PATCH', registry, { body: { tags: { env: 'live' } } });
  const names = `${root}/tagNames`;
  expect((await arm.call('PUT', `${names}/cost`)).status).toBe(201);
  expect((await arm.call('PUT', `${names}/cost/tagValues/high`)).status).toBe(201);
  const { value } = (await arm.call('GET', names)).body;
  expect(value).toMatchObject([
    { tagName: 'cost', count: { value: 0 }, values: [{ tagValue: 'high', count: { value: 0 } }] },
    {
      tagName: 'Env',
      count: { value: 2 },
      values: [
        { tagValue: 'test', count: { value: 1 } },
        { tagValue: 'live', count: { value: 1 } },
      ],
    },
  ]);
  expect((await arm.call('DELETE', `${names}/cost`)).status).toBe(409);
  expect((await arm.call('DELETE', `${names}/cost/tagValues/high`)).status).toBe(200);
  expect((await arm.call('DELETE', `${names}/cost`)).status).toBe(200);
  expect((await arm.call('DELETE', `${names}/cost`)).status).toBe(204);
});
