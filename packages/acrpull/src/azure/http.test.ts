import { createHttpHeaders, type HttpClient, RestError } from '@azure/core-rest-pipeline';
import { expect, test } from 'vitest';
import { createHttp } from './http.ts';

const url = 'https://nosuch.azurecr.io/v2/';

function clientThat(answer: () => { status: number; body: string }) {
  const client = {
    asked: 0,
    sendRequest: async (request) => {
      client.asked++;
      const { status, body } = answer();
      return { request, status, bodyAsText: body, headers: createHttpHeaders() };
    },
  } satisfies HttpClient & { asked: number };
  return client;
}

test.each<[string, () => { status: number; body: string }]>([
  [
    'the resolver',
    () => {
      throw new RestError('getaddrinfo ENOTFOUND nosuch.azurecr.io', { code: 'ENOTFOUND' });
    },
  ],
  ['a proxy', () => ({ status: 502, body: 'getaddrinfo ENOTFOUND nosuch.azurecr.io' })],
])('that a name does not resolve, as %s says it, is believed at once', async (_, answer) => {
  const client = clientThat(answer);
  const http = createHttp(undefined, { client });
  await expect(http('GET', url)).rejects.toMatchObject({
    message: 'nosuch.azurecr.io: no such host',
    resource: 'nosuch.azurecr.io',
    noSuchHost: true,
  });
  expect(client.asked).toBe(1);
});

test('a visitor gets the first answer, be it a 503', async () => {
  const client = clientThat(() => ({ status: 503, body: ':( Application Error' }));
  const visitor = createHttp(undefined, { client, maxRetries: 0 });
  expect(await visitor('GET', url)).toMatchObject({ status: 503 });
  expect(client.asked).toBe(1);
});

/** Never answers; ends when it is aborted, as the real one does. */
const silent: HttpClient = {
  sendRequest: ({ abortSignal }) =>
    new Promise((_, reject) => {
      const end = () => reject(new Error('aborted'));
      if (abortSignal?.aborted) end();
      abortSignal?.addEventListener('abort', end);
    }),
};

test('a host that does not answer in time is unreachable', async () => {
  await expect(
    createHttp(undefined, { client: silent })('GET', url, { timeoutMs: 20 }),
  ).rejects.toMatchObject({
    message: 'nosuch.azurecr.io cannot be reached: no answer within 0.02 s',
    noSuchHost: false,
  });
});

test('whoever aborts gets the own reason back', async () => {
  const stop = new AbortController();
  const waiting = createHttp(undefined, { client: silent })('GET', url, { signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});
