import { Readable } from 'node:stream';
import { createHttpHeaders, type PipelineResponse } from '@azure/core-rest-pipeline';
import { expect, test } from 'vitest';
import type { Http } from './http.ts';
import { readLogStream } from './log-stream.ts';

const site = { scmHostName: 'hoge-app.scm.azurewebsites.net' };
const sending =
  (body: NodeJS.ReadableStream): Http =>
  async () =>
    ({ status: 200, readableStreamBody: body, headers: createHttpHeaders() }) as PipelineResponse;

async function read(body: NodeJS.ReadableStream, signal = new AbortController().signal): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLogStream({ authenticated: sending(body) }, site, signal)) lines.push(line);
  return lines;
}

test('lines come whole, however they were cut on the way; half a line at the end is none', async () => {
  const bytes = Buffer.from('one\r\ntwö\nthr');
  const cuts = [...bytes].map((byte) => Buffer.from([byte]));
  expect(await read(Readable.from(cuts, { objectMode: false }))).toEqual(['one', 'twö']);
});

test('a stream that breaks off is a failure that names the host', async () => {
  const body = Readable.from(
    (function* () {
      yield 'one\n';
      throw new Error('aborted');
    })(),
  );
  await expect(read(body)).rejects.toMatchObject({
    message: expect.stringContaining('its log stream broke off'),
    resource: site.scmHostName,
  });
});

test('a stream that its reader aborted just ends', async () => {
  const body = new Readable({ read: () => {} });
  body.push('one\n');
  const stop = new AbortController();
  setTimeout(() => {
    stop.abort();
    body.destroy(new Error('aborted'));
  }, 10);
  expect(await read(body, stop.signal)).toEqual(['one']);
});
