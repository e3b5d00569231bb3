import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer, json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { type KuduServer, scmHost, startKuduServer } from '../../../test/kudu-server.ts';
import { openFilesBelow } from '../../../test/open-files.ts';

let at: KuduServer;
beforeEach(async () => {
  at = await startKuduServer();
});
afterEach(() => at.close());

const remark = (text: string) => at.log.platform({ kind: 'remark', level: 'INFO', text });

/** The contents by name. */
async function unzip(zip: Buffer): Promise<Record<string, string>> {
  const archive = await fromBufferPromise(zip, { lazyEntries: true });
  const contents: Record<string, string> = {};
  for await (const entry of archive.eachEntry()) {
    contents[entry.fileName] = (await buffer(await archive.openReadStreamPromise(entry))).toString();
  }
  return contents;
}

test('the current logs: of each source the newest, and not the rolled ones', async () => {
  remark('yesterday');
  await at.clock.advance(24 * 60 * 60 * 1000);
  remark('today');
  at.log.output('hello');
  const [platform, output] = at.log
    .files()
    .slice(-2)
    .map(({ name }) => name);
  await writeFile(join(at.logFolder, platform!.replace('.log', '.1.log')), 'rolled');
  const machine = platform!.slice('2026_11_24_'.length, -'_docker.log'.length);
  expect(await json(await at.ask('/api/logs/docker'))).toMatchObject([
    {
      machineName: machine,
      size: expect.any(Number),
      lastUpdated: expect.any(String),
      href: `https://${scmHost}/api/vfs/LogFiles/${platform}`,
      path: `/home/LogFiles/${platform}`,
    },
    { machineName: `${machine}_default`, path: `/home/LogFiles/${output}` },
  ]);
  const answer = await at.ask('/api/logs/docker/zip');
  expect(answer.headers).toMatchObject({
    'content-type': 'application/zip',
    'content-disposition': 'attachment; filename=dockerlogs-11-24-00-00-00.zip',
  });
  expect(await unzip(await buffer(answer))).toEqual({
    [platform!]: expect.stringContaining('today'),
    [output!]: expect.stringContaining('hello'),
  });
});

test.each(['/dump', '/api/dump'])('%s: all files, in their folder', async (path) => {
  expect(await unzip(await buffer(await at.ask(path)))).toEqual({});
  remark('one');
  const { name } = at.log.files()[0]!;
  await writeFile(join(at.logFolder, name.replace('.log', '.1.log')), 'rolled');
  await writeFile(join(at.logFolder, '2026_11_22_m_docker.log'), '');
  expect(await unzip(await buffer(await at.ask(path)))).toEqual({
    [`LogFiles/${name}`]: expect.stringContaining('one'),
    [`LogFiles/${name.replace('.log', '.1.log')}`]: 'rolled',
    'LogFiles/2026_11_22_m_docker.log': '',
  });
});

test('a file that grows while it is read ends where it ended', async () => {
  at.log.output('x'.repeat(3 << 20));
  const answer = await at.ask('/api/dump');
  for (let i = 0; i < 100; i++) at.log.output('later');
  const [contents] = Object.values(await unzip(await buffer(answer)));
  expect(contents).not.toContain('later');
});

test('a reader that goes in the middle leaves no file open, and neither does one that never reads', async () => {
  for (const day of [20, 21, 22]) {
    at.log.output('a file');
    // Noise, which does not shrink: more than the sockets hold.
    await writeFile(join(at.logFolder, `2026_11_${day}_m_docker.log`), randomBytes(8 << 20));
  }
  const readers = await Promise.all([at.ask('/api/dump'), at.ask('/api/dump')]);
  for (const reader of readers) reader.pause();
  await expect.poll(() => openFilesBelow(at.logFolder).length).toBeGreaterThan(1);
  at.log.output('others are not held up');
  expect((await at.ask('/api/logs/docker')).statusCode).toBe(200);
  for (const reader of readers) reader.destroy();
  await expect.poll(() => openFilesBelow(at.logFolder)).toHaveLength(1); // The one that is being written.
});
