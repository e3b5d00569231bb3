import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { id, type OneSite, startOneSite } from '../../../test/one-site.ts';

let at: OneSite;
beforeEach(async () => {
  at = await startOneSite();
});
afterEach(() => at.close());

describe('the scm host', () => {
  const basic = (user: string) => ({ authorization: `Basic ${Buffer.from(user).toString('base64')}` });
  test.each<[string, Record<string, string>, number]>([
    ['nobody', {}, 401],
    ['the publishing user', basic('$hoge-app:secret'), 200],
    ['the publishing user, qualified', basic('hoge-app\\$hoge-app:secret'), 200],
    ['a wrong password', basic('$hoge-app:x'), 401],
    ['a good token', { authorization: 'Bearer good' }, 200],
    ['a bad token', { authorization: 'Bearer bad' }, 401],
    ['nonsense', { authorization: 'nonsense' }, 401],
  ])('%s', async (_who, headers, status) => {
    expect((await at.visit('scm', '/', headers)).statusCode).toBe(status);
  });

  test('a token without the right to publish', async () => {
    at.rights.mayPublish = false;
    expect((await at.visit('scm', '/', { authorization: 'Bearer good' })).statusCode).toBe(403);
  });
  test('basic authentication that was turned off', async () => {
    at.publishing.allowed = false;
    expect((await at.visit('scm', '/', basic('$hoge-app:secret'))).statusCode).toBe(401);
  });

  test('the log stream shows the next start; the webhook makes one', async () => {
    at.spec.appSettings.DOCKER_ENABLE_CI = 'true';
    (await at.visit()).resume();
    const headers = basic('$hoge-app:secret');
    const stream = await at.visit('scm', '/api/logstream', headers);
    let received = '';
    stream.on('data', (chunk) => {
      received += chunk;
    });
    await expect.poll(() => received).toMatch(/ready to serve[\s\S]*Starting Live Log Stream ---\n$/);
    expect((await at.visit('scm', '/docker/hook', headers, 'POST')).statusCode).toBe(200);
    await expect
      .poll(() => received)
      .toMatch(/Live Log Stream ---\n[\s\S]*Status: Image is up to date[\s\S]*ready to serve/);
    stream.destroy();
  });

  test('the webhook is refused without credentials, and nothing happens', async () => {
    at.spec.appSettings.DOCKER_ENABLE_CI = 'true';
    at.publishing.allowed = false;
    for (const path of ['/docker/hook', '/api/registry/webhook']) {
      const refused = await at.visit('scm', path, basic('$hoge-app:secret'), 'POST');
      expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([
        401,
        expect.stringContaining('Basic realm='),
      ]);
      const token = { authorization: 'Bearer good' };
      expect((await at.visit('scm', path, token, 'POST')).statusCode).toBeLessThan(203);
    }
    expect(at.app.state(id)).toBe('starting');
  });
});
