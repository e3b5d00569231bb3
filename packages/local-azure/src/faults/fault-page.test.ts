import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type HttpServer, startHttpServer } from '../../test/http-server.ts';
import { createManualClock } from '../../test/manual-clock.ts';
import { faultPage } from './fault-page.ts';
import { createFaults } from './faults.ts';

const faults = createFaults(createManualClock());
const secret = 'the-secret';
let server: HttpServer;
beforeAll(async () => {
  server = await startHttpServer(
    faultPage({ faults, secret }, (_request, response) => response.writeHead(418).end()),
  );
});
afterAll(() => server.close());
beforeEach(() => {
  faults.clear();
});

const owner = { authorization: `Bearer ${secret}` };
const json = { 'content-type': 'application/json' };

function send(method: string, path: string, headers: Record<string, string>, body = '') {
  return new Promise<{ status: number; body: { error: { message: string } } }>((resolve, reject) => {
    const sent = request(`${server.origin}${path}`, { method, headers }, async (response) => {
      const answer = await text(response);
      resolve({ status: response.statusCode!, body: answer === '' ? undefined : JSON.parse(answer) });
    });
    sent.on('error', reject).end(body);
  });
}

const outage = '{"fault":"registry-outage,for=30s"}';

test('the owner adds, lists and clears', async () => {
  const added = await send('POST', '/faults', { ...owner, ...json }, outage);
  const state = { fault: 'registry-outage,for=30s', struck: 0, state: 'in force' };
  expect(added).toMatchObject({ status: 200, body: state });
  expect(await send('GET', '/faults', owner)).toMatchObject({ status: 200, body: [state] });
  const { id } = added.body as unknown as { id: string };
  expect(await send('DELETE', `/faults/${id}`, owner)).toMatchObject({ status: 200, body: [state] });
  expect(await send('DELETE', '/faults', owner)).toEqual({ status: 200, body: [] });
});

test.each([
  ['nobody', 'POST', '/faults', json, outage, 401],
  ['nobody who lists', 'GET', '/faults', {}, '', 401],
  ['another secret', 'DELETE', '/faults', { authorization: 'Bearer guess' }, '', 401],
  ['a password', 'GET', '/faults', { authorization: `Basic ${btoa(`:${secret}`)}` }, '', 401],
  ['a form of a web page', 'POST', '/faults', { ...owner, 'content-type': 'text/plain' }, outage, 415],
  ['a fault that is written wrongly', 'POST', '/faults', { ...owner, ...json }, '{"fault":"outage"}', 400],
  ['no JSON', 'POST', '/faults', { ...owner, ...json }, '{', 400],
  ['no fault', 'POST', '/faults', { ...owner, ...json }, '{"fault":1}', 400],
  ['too much', 'POST', '/faults', { ...owner, ...json }, `"${' '.repeat(70_000)}"`, 413],
  ['an unknown id', 'DELETE', '/faults/99', owner, '', 400],
  ['another method', 'PUT', '/faults', { ...owner, ...json }, outage, 405],
])('%s changes nothing', async (_, method, path, headers, body, status) => {
  faults.add('entra-outage');
  const before = faults.list();
  const answer = await send(method, path, headers as Record<string, string>, body);
  expect(answer).toMatchObject({ status, body: { error: { message: expect.any(String) } } });
  expect(faults.list()).toEqual(before);
});

test('all else is not its business', async () => {
  for (const path of ['/', '/faults/', '/faults/x', '/faultsy']) {
    expect(await send('GET', path, owner)).toMatchObject({ status: 418 });
  }
});
