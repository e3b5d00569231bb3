import { createHttpHeaders, type HttpClient, RestError } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { createHttp } from './http.ts';

const url = 'https://nosuch.azurecr.io/v2/';

interface GivenAnswer {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

function clientThat(answer: (asked: number) => GivenAnswer) {
  const client = {
    asked: 0,
    sendRequest: async (request) => {
      client.asked++;
      const { status, body, headers } = answer(client.asked);
      return { request, status, bodyAsText: body, headers: createHttpHeaders(headers) };
    },
  } satisfies HttpClient & { asked: number };
  return client;
}

test.each<[string, () => GivenAnswer]>([
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

test('a visitor is not led elsewhere, such as to a sign-in', async () => {
  const asked: string[] = [];
  const client: HttpClient = {
    sendRequest: async (request) => {
      asked.push(request.url);
      const headers = createHttpHeaders({ location: 'https://login.microsoftonline.com/' });
      return { request, status: 302, headers };
    },
  };
  const visitor = createHttp(undefined, { client, maxRetries: 0, maxRedirects: 0 });
  expect(await visitor('GET', url)).toMatchObject({ status: 302 });
  expect(asked).toEqual([url]);
});

describe('an answer that asks to come back later', () => {
  const busyOnce = (headers: Record<string, string>) =>
    clientThat((asked) => (asked === 1 ? { status: 429, body: 'busy', headers } : { status: 200, body: '' }));

  test.each([{ 'retry-after': '0' }, { 'retry-after-ms': '10' }])('is obeyed: %j', async (headers) => {
    const client = busyOnce(headers);
    expect(await createHttp(undefined, { client })('GET', url)).toMatchObject({ status: 200 });
    expect(client.asked).toBe(2);
  });

  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
  test.each([{ 'retry-after': '61' }, { 'retry-after': inAnHour }, { 'x-ms-retry-after-ms': '61000' }])(
    'is the last one when that is later than the request may take: %j',
    async (headers) => {
      const client = busyOnce(headers);
      expect(await createHttp(undefined, { client })('GET', url)).toMatchObject({ status: 429 });
      expect(client.asked).toBe(1);
    },
  );
});

describe('an answer that breaks off', () => {
  const breaking = (times: number) =>
    clientThat((asked) => {
      if (asked > times) return { status: 200, body: 'whole' };
      throw new RestError('Error reading response as text: aborted', { code: RestError.PARSE_ERROR });
    });

  test('is asked for again', async () => {
    const client = breaking(1);
    expect(await createHttp(undefined, { client })('GET', url)).toMatchObject({ bodyAsText: 'whole' });
  });

  test('is not, when what it answers may have been done', async () => {
    const client = breaking(1);
    await expect(createHttp(undefined, { client })('POST', url)).rejects.toMatchObject({
      message: 'nosuch.azurecr.io cannot be reached: the connection broke off in the middle of the answer',
    });
    expect(client.asked).toBe(1);
  });
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
