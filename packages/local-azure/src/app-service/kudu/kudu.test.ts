import { text } from 'node:stream/consumers';
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

  test('the log stream gives the tail, then what happens, to every reader', async () => {
    (await at.visit()).resume();
    const headers = basic('$hoge-app:secret');
    const readers = [
      await at.visit('scm', '/api/logstream', headers),
      await at.visit('scm', '/logstream', headers),
    ];
    const read = readers.map((reader) => {
      let received = '';
      reader.on('data', (chunk) => {
        received += chunk;
      });
      return () => received;
    });
    for (const received of read) {
      await expect
        .poll(received)
        .toMatch(/Welcome[\s\S]*ready to serve[\s\S]*Starting Live Log Stream ---\n$/);
    }
    at.app.restart(id);
    for (const received of read) {
      await expect
        .poll(received)
        .toMatch(/Live Log Stream ---\n[\s\S]*Status: Image is up to date[\s\S]*ready to serve/);
    }
    for (const reader of readers) reader.destroy();
  });

  test('a reader that does not read harms nobody', async () => {
    (await at.visit()).resume();
    const lazy = await at.visit('scm', '/logstream', basic('$hoge-app:secret'));
    lazy.pause();
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 20_000; i++) at.engine.ran[0]!.onOutput('stdout', 'x'.repeat(1000));
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    expect((await at.visit()).statusCode).toBe(200);
    lazy.destroy();
  });

  test('log files can be listed and read, and nothing else', async () => {
    (await at.visit()).resume();
    const headers = basic('$hoge-app:secret');
    const [file] = JSON.parse(await text(await at.visit('scm', '/api/logs/docker', headers)));
    expect(file).toMatchObject({ path: expect.stringMatching(/^\/home\/LogFiles\/.*_docker\.log$/) });
    const { pathname } = new URL(file.href);
    expect(await text(await at.visit('scm', pathname, headers))).toMatch(/Pulling image|listening/);
    const outside = await at.visit('scm', '/api/vfs/LogFiles/..%2F..%2Fsecret', headers);
    expect(outside.statusCode).toBe(404);
  });
});
