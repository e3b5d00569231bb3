import { createHttpHeaders, type PipelineResponse } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import type { Http } from './http.ts';
import { createResourceManager } from './resource-manager.ts';

const answering =
  (answer: (url: string) => { status: number; body: string }): Http =>
  async (_, url) => {
    const { status, body } = answer(url);
    return { status, bodyAsText: body, headers: createHttpHeaders() } as PipelineResponse;
  };

const refusing = (status: number, body: string) => answering(() => ({ status, body }));

describe('a refusal', () => {
  test.each<[name: string, status: number, body: string, expected: object]>([
    [
      'in the usual envelope',
      404,
      '{"error":{"code":"ResourceNotFound","message":"gone"}}',
      { status: 404, code: 'ResourceNotFound', message: 'gone', resource: '/subscriptions/s' },
    ],
    [
      "in App Service's own",
      409,
      '{"Code":"Conflict","Message":"taken"}',
      { code: 'Conflict', message: 'taken' },
    ],
    ['of a gateway', 400, '<html>no</html>', { status: 400, code: '400', message: 'Azure answered 400.' }],
    [
      'for want of a right names the action',
      403,
      `{"error":{"code":"AuthorizationFailed","message":"The client 'x' does not have authorization to perform action 'Microsoft.Web/sites/read' over scope '/s'"}}`,
      { status: 403, action: 'Microsoft.Web/sites/read', next: expect.stringContaining('owner') },
    ],
    [
      'of an expired token',
      401,
      '{"error":{"code":"ExpiredAuthenticationToken","message":"expired"}}',
      { status: 401, next: expect.stringContaining('az login') },
    ],
  ])('%s', async (_, status, body, expected) => {
    const arm = createResourceManager(refusing(status, body));
    await expect(arm.get('/subscriptions/s', '2022-12-01')).rejects.toMatchObject(expected);
  });

  test('half an answer is an answer that could not be read', async () => {
    const arm = createResourceManager(refusing(200, '{"value":['));
    await expect(arm.list('/subscriptions', '2022-12-01')).rejects.toMatchObject({ code: 'InvalidResponse' });
  });
});

test('a list follows its pages to the end', async () => {
  const nextLink = 'https://management.azure.com/things?page=2';
  const http = answering((url) => {
    const page = url.includes('page=2') ? { value: [3] } : { value: [1, 2], nextLink };
    return { status: 200, body: JSON.stringify(page) };
  });
  expect(await createResourceManager(http).list('/things', '2022-12-01')).toEqual([1, 2, 3]);
});
