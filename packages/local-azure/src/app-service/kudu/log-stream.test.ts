import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type KuduServer, startKuduServer } from '../../../test/kudu-server.ts';

let at: KuduServer;
beforeEach(async () => {
  at = await startKuduServer();
});
afterEach(() => at.close());

const remark = (text: string) => at.log.platform({ kind: 'remark', level: 'INFO', text });

/** Reads along; what came so far. */
function follow(response: IncomingMessage): () => string {
  let received = '';
  response.on('data', (chunk) => {
    received += chunk;
  });
  response.on('error', () => {});
  return () => received;
}

async function open(path = '/api/logstream') {
  const response = await at.ask(path);
  const received = follow(response);
  await expect.poll(received).toContain('Starting Live Log Stream ---\n');
  return { response, received };
}

test.each(['/api/logstream', '/logstream', '/api/logstream/application', '/logstream/http'])(
  '%s gives the tail of each file, then what happens',
  async (path) => {
    for (let i = 1; i <= 12; i++) remark(`platform ${i}`);
    at.log.output('before');
    const { response, received } = await open(path);
    expect(response.headers['content-type']).toBe('text/event-stream');
    const [tail = ''] = received().split('Ending Log Tail');
    expect(tail).toMatch(
      /Welcome, you are now[\s\S]*\n\/home\/LogFiles\/\S+_docker\.log {2}\(https:\/\/hoge-app\.scm\.azurewebsites\.net\/api\/vfs\/LogFiles\/\S+\)\n/,
    );
    expect(tail).toContain('platform 12');
    expect(tail).not.toContain('platform 2\n');
    expect(tail).toContain('before');
    remark('now');
    at.log.output('after');
    await expect.poll(received).toMatch(/Live Log Stream ---\n\S+ INFO {2}- now\n\S+ after\n$/);
    response.destroy();
  },
);

test('output that goes to no file is shown as well', async () => {
  at.log.configure({ enabled: false, retentionInMb: 100, retentionInDays: 0 });
  at.log.output('before');
  const { response, received } = await open();
  expect(received()).toMatch(/\n\/appsvctmp\/volatile\/logs\/runtime\/container\.log\n\S+ before\n/);
  at.log.output('after');
  await expect.poll(received).toMatch(/ after\n$/);
  expect(at.log.files()).toEqual([]);
  response.destroy();
});

test('a filter lets through what contains it', async () => {
  const { response, received } = await open('/api/logstream?filter=ERROR');
  remark('fine');
  at.log.output('an error');
  await expect.poll(received).toMatch(/Stream ---\n\S+ an error\n$/);
  response.destroy();
});

test('nothing but GET is taken', async () => {
  expect((await at.ask('/api/logstream', { method: 'POST' })).statusCode).toBe(400);
});

test('every minute without a line is told, and after its time the stream ends', async () => {
  at.appSettings.SCM_LOGSTREAM_TIMEOUT = '120';
  const response = await at.ask('/api/logstream');
  const whole = text(response);
  await expect.poll(at.readers).toBe(1);
  await at.clock.advance(60_000);
  await at.clock.advance(60_000);
  expect(await whole).toMatch(
    /No new trace in the past 1 min\(s\)\.\n\S+ {2}Stream terminated due to timeout 2 min\(s\)\.\n$/,
  );
  expect(at.readers()).toBe(0);
});

test('many read at once; who goes, or is cut off, is forgotten', async () => {
  const streams = await Promise.all(Array.from({ length: 20 }, () => open()));
  expect(at.readers()).toBe(20);
  for (const { response } of streams.slice(1)) response.destroy();
  await expect.poll(at.readers).toBe(1);
  remark('still here');
  await expect.poll(streams[0]!.received).toContain('still here');
  at.end();
  await expect.poll(at.readers).toBe(0);
});

test('who does not read harms nobody, and is told what it missed', async () => {
  const lazy = await at.ask('/api/logstream');
  lazy.pause();
  const { response, received } = await open();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 20_000; i++) {
    at.log.output(`${i} ${'x'.repeat(1000)}`);
    if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  await expect.poll(() => received().includes('\n2026-11-23T00:00:00.000000000Z 19999 xxx')).toBe(true);
  expect(received()).not.toContain('skipped');
  const late = follow(lazy);
  lazy.resume();
  await expect.poll(() => late().length).toBeGreaterThan(100_000);
  remark('later');
  await expect
    .poll(() => /\d+ line\(s\) were skipped: the reader is too slow\.\n\S+ INFO {2}- later\n$/.test(late()))
    .toBe(true);
  lazy.destroy();
  response.destroy();
  await once(lazy, 'close');
});
