import { mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../../test/manual-clock.ts';
import { openFilesBelow } from '../../../test/open-files.ts';
import type { PlatformEvent } from './platform-event.ts';
import { lastLines, openSiteLog, type SiteLog } from './site-log.ts';
import { workerLogs } from './worker-logs.ts';

const keeping = { enabled: true, retentionInMb: 25, retentionInDays: 0 };
const one: PlatformEvent = { kind: 'remark', level: 'INFO', text: 'one' };

let folder: string;
let clock: ManualClock;
let log: SiteLog;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'site-log-')), 'site');
  clock = createManualClock(Date.UTC(2026, 10, 23, 23, 59, 59, 5));
  log = openSiteLog({ dir: folder, clock, worker: workerLogs.old });
  log.configure(keeping);
});
afterEach(async () => {
  log.close();
  await rm(join(folder, '..'), { recursive: true });
});

const names = async () => (await readdir(folder)).sort();

test('the platform and the container write to files of the day', async () => {
  log.platform(one);
  log.output('two');
  await clock.advance(1000);
  log.platform({ kind: 'remark', level: 'ERROR', text: 'three' });
  const [first, second, third] = await names();
  expect(first).toMatch(/^2026_11_23_[\w-]+_default_docker\.log$/);
  expect(second).toMatch(/^2026_11_23_[\w-]+_docker\.log$/);
  expect(third).toMatch(/^2026_11_24_[\w-]+_docker\.log$/);
  expect(await readFile(join(folder, first!), 'utf8')).toBe('2026-11-23T23:59:59.005000000Z two\n');
  expect(await readFile(join(folder, second!), 'utf8')).toBe('2026-11-23T23:59:59.005Z INFO  - one\n');
  expect(await readFile(join(folder, third!), 'utf8')).toBe('2026-11-24T00:00:00.005Z ERROR - three\n');
  expect((await stat(join(folder, first!))).mode & 0o777).toBe(0o600);
});

test('a container that talks without end does not fill the disk', async () => {
  const line = 'x'.repeat(1024 * 1024);
  for (let i = 0; i < 60; i++) {
    log.output(line);
    expect(log.files().reduce((sum, { size }) => sum + size, 0)).toBeLessThan(25 * 1024 * 1024);
  }
  expect(log.files().length).toBeGreaterThan(3);
});

test('output that is not kept reaches readers, and is shown to new ones until the worker ends', async () => {
  const heard: string[] = [];
  log.subscribe((text) => heard.push(text));
  log.output('kept');
  log.configure({ ...keeping, enabled: false });
  for (let i = 1; i <= 12; i++) log.output(`line ${i}`);
  expect(heard.length).toBe(13);
  expect(log.volatileOutput().map((line) => line.split('Z ')[1])).toEqual(
    heard.slice(-10).map((line) => line.split('Z ')[1]),
  );
  log.configure(keeping);
  log.output('kept again');
  expect(log.volatileOutput()).toEqual([]);
  const [file] = await names();
  expect((await readFile(join(folder, file!), 'utf8')).replace(/^\S+ /gm, '')).toBe('kept\nkept again\n');
});

test('logs older than the days that are kept go when a new day begins', async () => {
  log.configure({ ...keeping, retentionInDays: 2 });
  log.platform(one);
  const [old] = log.files();
  await utimes(old!.path, clock.now() / 1000, clock.now() / 1000);
  await clock.advance(24 * 60 * 60 * 1000);
  log.platform(one);
  expect(log.files()).toHaveLength(2);
  await utimes(old!.path, clock.now() / 1000 - 3 * 86_400, clock.now() / 1000 - 3 * 86_400);
  await clock.advance(24 * 60 * 60 * 1000);
  log.platform(one);
  expect(log.files().map(({ name }) => name)).not.toContain(old!.name);
});

test('a link among the files is not one of them', async () => {
  log.platform(one);
  await writeFile(join(folder, '..', 'secret'), 'secret');
  await symlink('../secret', join(folder, '2026_11_23_evil_docker.log'));
  expect(log.files().map(({ name }) => name)).toEqual(
    (await names()).filter((name) => !name.includes('evil')),
  );
});

test('no file stays open: not after a day, a roll, a full disk, or the end', async () => {
  for (let i = 0; i < 5; i++) {
    log.output('x'.repeat(1024 * 1024));
    await clock.advance(24 * 60 * 60 * 1000);
    log.platform(one);
  }
  expect(openFilesBelow(folder).length).toBeLessThanOrEqual(2);
  log.configure({ ...keeping, enabled: false });
  expect(openFilesBelow(folder)).toHaveLength(1);
  log.close();
  expect(openFilesBelow(folder)).toEqual([]);
});

test('readers still get what the disk does not take', async () => {
  await writeFile(folder, 'a file where the folder should be');
  const heard: string[] = [];
  log.subscribe((text) => heard.push(text));
  log.platform(one);
  expect(heard).toEqual(['2026-11-23T23:59:59.005Z INFO  - one\n']);
  expect(log.files()).toEqual([]);
});

test('the last lines of a file', async () => {
  const path = join(folder, '..', 'file');
  await writeFile(path, 'a\nb\n\nc\n');
  expect(lastLines(path, 2)).toEqual(['', 'c']);
  expect(lastLines(path, 9)).toEqual(['a', 'b', '', 'c']);
  await writeFile(path, '');
  expect(lastLines(path, 2)).toEqual([]);
});
