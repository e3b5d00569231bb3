import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer } from '../../test/arm-server.ts';

let arm: ArmServer;
beforeAll(async () => {
  arm = await startArmServer([], { rateLimits: true });
});
afterAll(() => arm.close());

const remaining = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-ms-ratelimit-remaining-')));

test('each answer says how much is left, of its kind, in the subscription or the tenant', async () => {
  const asked = async (method: string, path: string) => remaining((await arm.call(method, path)).headers);
  expect(await asked('GET', root)).toEqual({
    'x-ms-ratelimit-remaining-subscription-reads': '249',
    'x-ms-ratelimit-remaining-subscription-global-reads': '3749',
  });
  expect(await asked('PUT', `${root}/tagNames/a`)).toEqual({
    'x-ms-ratelimit-remaining-subscription-writes': '199',
    'x-ms-ratelimit-remaining-subscription-global-writes': '2999',
  });
  expect(await asked('DELETE', `${root}/tagNames/a`)).toEqual({
    'x-ms-ratelimit-remaining-subscription-deletes': '199',
    'x-ms-ratelimit-remaining-subscription-global-deletes': '2999',
  });
  // Also an answer that says no.
  expect(await asked('DELETE', `${root}/tagNames/a/tagValues/b`)).toMatchObject({
    'x-ms-ratelimit-remaining-subscription-deletes': '198',
  });
  expect(await asked('GET', '/tenants')).toEqual({ 'x-ms-ratelimit-remaining-tenant-reads': '249' });
  await arm.advance(1000);
});

test('who asks too much is told when to ask again, and nobody else is held up', async () => {
  const [busy, other] = [arm.principal('busy'), arm.principal('other')];
  for (const one of [busy, other]) arm.grant(one, 'Reader', root);
  const read = (as = busy) => arm.call('GET', root, { as });
  const answers = await Promise.all(Array.from({ length: 251 }, () => read()));
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused).toMatchObject([
    {
      status: 429,
      body: {
        error: {
          code: 'SubscriptionRequestsThrottled',
          message:
            `Number of 'read' requests for subscription '${root.split('/').at(-1)}' actor '${busy.id}' exceeded. ` +
            "Please try again after '1' seconds.",
        },
      },
    },
  ]);
  expect(refused[0]!.headers.get('retry-after')).toBe('1');
  expect((await read(other)).status).toBe(200);
  await arm.advance(1000);
  expect((await read()).status).toBe(200);
});
