import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KuduServer, startKuduServer } from '../../../test/kudu-server.ts';

let at: KuduServer;
beforeEach(async () => {
  at = await startKuduServer();
});
afterEach(() => at.close());

describe.each([
  ['/docker/hook', 200],
  ['/api/docker/hook', 200],
  ['/api/registry/webhook', 202],
])('%s', (path, status) => {
  test.each([
    ['true', 1],
    ['TRUE', 1],
    ['1', 1],
    ['false', 0],
    ['', 0],
    [undefined, 0],
  ])('DOCKER_ENABLE_CI = %j: %i restarts', async (value, count) => {
    if (value !== undefined) at.appSettings.DOCKER_ENABLE_CI = value;
    expect((await at.ask(path, { method: 'POST', body: Buffer.from('{"action":"push"}') })).statusCode).toBe(
      status,
    );
    expect(at.restarted).toHaveLength(count);
  });

  test.each(['GET', 'PUT', 'DELETE', 'HEAD'])('is not there for %s', async (method) => {
    at.appSettings.DOCKER_ENABLE_CI = 'true';
    expect((await at.ask(path, { method })).statusCode).toBe(404);
    expect(at.restarted).toEqual([]);
  });

  test('is answered without its body, however large', async () => {
    at.appSettings.DOCKER_ENABLE_CI = 'true';
    const before = process.memoryUsage().arrayBuffers;
    const body = Buffer.alloc(64 << 20);
    const answer = await at.ask(path, { method: 'POST', body });
    expect([answer.statusCode, await text(answer)]).toEqual([status, '']);
    expect(process.memoryUsage().arrayBuffers - before - body.length).toBeLessThan(32 << 20);
    expect(at.restarted).toHaveLength(1);
  });
});

test.each([
  ['/api/deployments/', 200, '[]'],
  ['/deployments', 200, '[]'],
  ['/api/deployments/latest', 404, "Deployment 'latest' not found.\n"],
  ['/api/deployments/abc/log', 404, "Deployment 'abc' not found.\n"],
  ['/api/isdeploying', 200, '{"value":"False","msg":""}'],
  ['/api/startuplogs', 404, "No route registered for '/api/startuplogs'"],
  ['/api/zipdeploy', 404, "No route registered for '/api/zipdeploy'"],
])('what clients ask besides: %s', async (path, status, body) => {
  const answer = await at.ask(path);
  expect([answer.statusCode, await text(answer)]).toEqual([status, expect.stringContaining(body)]);
});
