import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KuduServer, scmHost, startKuduServer } from '../../../test/kudu-server.ts';
import { openFilesBelow } from '../../../test/open-files.ts';

let at: KuduServer;
let name: string;
beforeEach(async () => {
  at = await startKuduServer();
  at.log.output('hello');
  name = at.log.files()[0]!.name;
});
afterEach(() => at.close());

describe('the folder', () => {
  test('lists its files', async () => {
    const [entry, ...more] = (await json(await at.ask('/api/vfs/LogFiles/'))) as Record<string, unknown>[];
    expect(more).toEqual([]);
    expect(entry).toEqual({
      name,
      size: '2026-11-23T00:00:00.000000000Z hello\n'.length,
      mtime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/),
      crtime: expect.any(String),
      mime: 'text/plain',
      href: `https://${scmHost}/api/vfs/LogFiles/${name}`,
      path: `/home/LogFiles/${name}`,
    });
    expect(await json(await at.ask('/vfs/LogFiles/'))).toHaveLength(1);
  });

  test('has a slash at its end, and a file has none', async () => {
    const redirected = async (path: string) => {
      const { statusCode, headers } = await at.ask(path);
      return [statusCode, headers.location];
    };
    expect(await redirected('/api/vfs/LogFiles?a=b')).toEqual([
      307,
      `https://${scmHost}/api/vfs/LogFiles/?a=b`,
    ]);
    expect(await redirected(`/api/vfs/LogFiles/${name}/`)).toEqual([
      307,
      `https://${scmHost}/api/vfs/LogFiles/${name}`,
    ]);
  });
});

describe('a file', () => {
  test('is read as it is now, and again only when it has changed', async () => {
    const path = `/api/vfs/LogFiles/${name}`;
    const first = await at.ask(path);
    expect([first.statusCode, await text(first)]).toEqual([200, '2026-11-23T00:00:00.000000000Z hello\n']);
    const { etag } = first.headers;
    expect(etag).toMatch(/^"[0-9a-f]{16}"$/);
    expect((await at.ask(path, { headers: { 'if-none-match': etag! } })).statusCode).toBe(304);
    at.log.output('more');
    const second = await at.ask(path, { headers: { 'if-none-match': etag! } });
    expect(await text(second)).toContain('more');
    const head = await at.ask(path, { method: 'HEAD' });
    expect([head.headers['content-length'], await text(head)]).toEqual([
      second.headers['content-length'],
      '',
    ]);
  });

  test('that is empty has no content', async () => {
    await writeFile(join(at.logFolder, '2026_11_22_m_docker.log'), '');
    const empty = await at.ask('/api/vfs/LogFiles/2026_11_22_m_docker.log');
    expect([empty.statusCode, await text(empty)]).toEqual([200, '']);
  });

  test.each(['PUT', 'DELETE'])('cannot be changed by %s', async (method) => {
    const refused = await at.ask(`/api/vfs/LogFiles/${name}`, { method });
    expect([refused.statusCode, await text(refused)]).toEqual([
      501,
      expect.stringContaining('does not write'),
    ]);
    expect(at.log.files()).toHaveLength(1);
  });

  test('whose reader goes in the middle is closed', async () => {
    await writeFile(join(at.logFolder, '2026_11_22_m_docker.log'), Buffer.alloc(8 << 20));
    const reader = await at.ask('/api/vfs/LogFiles/2026_11_22_m_docker.log');
    await expect.poll(() => openFilesBelow(at.logFolder)).toHaveLength(2); // The other one is being written.
    reader.destroy();
    await expect.poll(() => openFilesBelow(at.logFolder)).toHaveLength(1);
  });
});

describe('nothing else is there', () => {
  beforeEach(async () => {
    await writeFile(join(at.logFolder, '..', 'secret.log'), 'secret');
    await symlink('../secret.log', join(at.logFolder, 'link.log'));
    await writeFile(join(at.logFolder, 'state.db'), 'secret');
  });
  test.each([
    '/api/vfs',
    '/api/vfs/',
    '/api/vfs/site/wwwroot/',
    '/api/vfs/LogFiles/../secret.log',
    '/api/vfs/LogFiles/..%2fsecret.log',
    '/api/vfs/LogFiles/%2e%2e/secret.log',
    '/api/vfs/LogFiles/%2e%2e%2fsecret.log',
    '/api/vfs/LogFiles/..\\secret.log',
    '/api/vfs/LogFiles/link.log',
    '/api/vfs/LogFiles/state.db',
    '/api/vfs/LogFiles/%',
    '/api/vfs/LogFiles/%00',
    '/api/vfs/LogFiles//etc/passwd',
    '/api/vfs/SystemDrive/etc/passwd',
    '//api/vfs/LogFiles/',
  ])('%s', async (path) => {
    const answer = await at.ask(path);
    expect([answer.statusCode, await text(answer)]).toEqual([404, expect.not.stringContaining('secret\n')]);
  });
});
