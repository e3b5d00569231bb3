import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../test/manual-clock.ts';
import { formatLine, pullRefused, pullSucceeded } from './log-lines.ts';
import { connectionError, diskError, PullError } from './pull-error.ts';
import { lastLines, openSiteLog, type SiteLog } from './site-log.ts';

let folder: string;
let clock: ManualClock;
let log: SiteLog;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'site-log-')), 'site');
  clock = createManualClock(Date.UTC(2026, 10, 23, 23, 59, 59, 5));
  log = openSiteLog(folder, clock);
});
afterEach(async () => {
  log.close();
  await rm(join(folder, '..'), { recursive: true });
});

const names = async () => (await readdir(folder)).sort();

test('the platform and the container write to files of the day', async () => {
  log.platform({ level: 'INFO', text: 'one' });
  log.output('two');
  await clock.advance(1000);
  log.platform({ level: 'ERROR', text: 'three' });
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
  for (let i = 0; i < 130; i++) log.output(line);
  const files = log.files();
  expect(files.length).toBeLessThanOrEqual(11);
  expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(125 * 1024 * 1024);
});

test('readers still get what the disk does not take', async () => {
  await writeFile(folder, 'a file where the folder should be');
  const heard: string[] = [];
  log.subscribe((text) => heard.push(text));
  log.platform({ level: 'INFO', text: 'one' });
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

describe('the words of the platform', () => {
  test('a refusal is quoted as JSON, with an empty line after it', () => {
    const refusal = new PullError('unauthorized', 'Head "https://h/v2/": unauthorized: no');
    expect(formatLine(0, pullRefused(refusal))).toBe(
      '1970-01-01T00:00:00.000Z ERROR - DockerApiException: Docker API responded with status code=InternalServerError, ' +
        'response={"message":"Head \\"https://h/v2/\\": unauthorized: no"}\n',
    );
  });

  test.each([
    [0, '0 Minutes and 0 Seconds'],
    [61_999, '1 Minutes and 1 Seconds'],
  ])('a pull that took %d ms', (ms, words) => {
    expect(pullSucceeded(ms).text).toBe(`Pull Image successful, Time taken: ${words}`);
  });

  test.each([
    ['ENOTFOUND', 'host-unknown', 'dial tcp: lookup h.azurecr.io: no such host'],
    ['EAI_AGAIN', 'host-unknown', 'dial tcp: lookup h.azurecr.io: Temporary failure in name resolution'],
    ['ECONNREFUSED', 'unreachable', 'dial tcp h.azurecr.io:443: connect: connection refused'],
    ['ETIMEDOUT', 'unreachable', 'dial tcp h.azurecr.io:443: i/o timeout'],
    ['ECONNRESET', 'unreachable', 'read tcp h.azurecr.io:443: connection reset by peer'],
    ['OTHER', 'unreachable', 'what it said'],
  ])('a connection that fails with %s', (code, fault, words) => {
    const error = connectionError(
      'Get',
      'https://h.azurecr.io/v2/',
      Object.assign(new Error('what it said'), { code }),
    );
    expect([error.fault, error.message]).toEqual([fault, `Get "https://h.azurecr.io/v2/": ${words}`]);
  });

  test('a full disk', () => {
    const full = Object.assign(new Error(), { code: 'ENOSPC', path: '/data/x' });
    expect(diskError(full)).toMatchObject({
      fault: 'disk-full',
      message: 'write /data/x: no space left on device',
    });
    expect(diskError(Object.assign(new Error(), { code: 'EACCES' }))).toBeUndefined();
  });
});
