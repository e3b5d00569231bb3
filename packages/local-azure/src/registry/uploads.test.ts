import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { basic, type RegistryServer, startRegistryServer } from '../../test/registry-server.ts';
import { sha256 } from '../../test/sha256.ts';
import { openLimit } from './upload-sessions.ts';

const headers = basic('hoge', 'first');
const start = '/v2/team/app/blobs/uploads/';
const content = randomBytes(300_000);
const digest = sha256(content);
const blob = `/v2/team/app/blobs/${digest}`;
const day = 24 * 60 * 60 * 1000;
let at: RegistryServer;

beforeEach(async () => {
  at = await startRegistryServer();
});
afterEach(() => at.stop());

const open = async () => (await at.send('POST', start, { headers })).headers.location!;
const patch = (location: string, body: Buffer, more: Record<string, string> = {}) =>
  at.send('PATCH', location, { headers: { ...headers, ...more }, body });
const close = (
  location: string,
  wanted = digest,
  body = Buffer.alloc(0),
  more: Record<string, string> = {},
) => at.send('PUT', `${location}?digest=${wanted}`, { headers: { ...headers, ...more }, body });
const stored = async () => (await at.send('GET', blob, { headers })).bytes;

describe('a blob arrives', () => {
  test('in one POST', async () => {
    const answer = await at.send('POST', `${start}?digest=${digest}`, { headers, body: content });
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({ location: blob, 'docker-content-digest': digest });
    expect(await stored()).toEqual(content);
    expect(await at.drafts()).toEqual([]);
  });

  test('in a POST and a PUT', async () => {
    expect((await close(await open(), digest, content)).status).toBe(201);
    expect(await stored()).toEqual(content);
  });

  test('in chunks, in order', async () => {
    const location = await open();
    const first = await patch(location, content.subarray(0, 100_000), { 'content-range': '0-99999' });
    expect(first).toMatchObject({ status: 202, headers: { location, range: '0-99999' } });
    const status = await at.send('GET', location, { headers });
    expect(status).toMatchObject({ status: 204, headers: { location, range: '0-99999' } });
    await patch(location, content.subarray(100_000, 200_000), { 'content-range': '100000-199999' });
    const last = { 'content-range': '200000-299999' };
    expect((await close(location, digest, content.subarray(200_000), last)).status).toBe(201);
    expect(await stored()).toEqual(content);
  });

  test('as a stream of unknown length', async () => {
    const location = await open();
    const body = (outgoing: NodeJS.WritableStream) => {
      outgoing.write(content.subarray(0, 1));
      outgoing.end(content.subarray(1));
    };
    const streamed = await at.send('PATCH', location, { headers, body });
    expect(streamed).toMatchObject({ status: 202, headers: { range: '0-299999' } });
    expect((await close(location)).status).toBe(201);
    expect(await stored()).toEqual(content);
  });

  test('empty', async () => {
    const nothing = sha256('');
    expect((await close(await open(), nothing)).status).toBe(201);
    const answer = await at.send('GET', `/v2/team/app/blobs/${nothing}`, { headers });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '0' } });
  });

  test('under a sha512 digest, announced or not', async () => {
    const wide = `sha512:${createHash('sha512').update(content).digest('hex')}`;
    const announced = (await at.send('POST', `${start}?digest-algorithm=sha512`, { headers })).headers
      .location!;
    for (const location of [announced, await open()]) {
      expect((await close(location, wide, content)).status).toBe(201);
    }
    expect((await at.send('HEAD', `/v2/team/app/blobs/${wide}`, { headers })).status).toBe(200);
  });

  test('by a mount from another repository, or else by an upload', async () => {
    await at.pushBlob('base', content);
    expect((await at.send('HEAD', blob, { headers })).status).toBe(404);
    const mount = (from: string) => at.send('POST', `${start}?mount=${digest}&from=${from}`, { headers });
    expect(await mount('nowhere')).toMatchObject({ status: 202 });
    expect(await mount('base')).toMatchObject({ status: 201, headers: { location: blob } });
    expect(await stored()).toEqual(content);
  });

  test('by a mount from a repository that is not named, as long as the caller may pull from it', async () => {
    await at.pushBlob('base', content);
    at.grant('pusher', 'AcrPush');
    const mount = (bearer: Record<string, string>) =>
      at.send('POST', `${start}?mount=${digest}`, { headers: bearer });
    const push = 'repository:team/app:pull,push';
    const narrow = await at.bearer('pusher', push);
    expect(await mount(narrow)).toMatchObject({ status: 202 });
    expect((await at.send('HEAD', blob, { headers })).status).toBe(404);
    const wide = await at.bearer('pusher', `${push} repository:base:pull`);
    expect(await mount(wide)).toMatchObject({ status: 201, headers: { location: blob } });
    expect(await stored()).toEqual(content);
    const elsewhere = { headers: basic('other', 'first'), host: 'other.azurecr.io' };
    expect((await at.send('POST', `${start}?mount=${digest}`, elsewhere)).status).toBe(202);
  });
});

describe('a blob is refused', () => {
  test('when its digest is another, and nothing of it stays', async () => {
    const location = await open();
    const answer = await close(location, sha256('something else'), content);
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].code).toBe('DIGEST_INVALID');
    expect(await at.drafts()).toEqual([]);
    expect((await at.send('GET', location, { headers })).status).toBe(404);
    expect((await at.send('HEAD', blob, { headers })).status).toBe(404);
  });

  test('when a chunk is out of order, and the upload can go on from where it stands', async () => {
    const location = await open();
    await patch(location, content.subarray(0, 10), { 'content-range': '0-9' });
    for (const range of ['0-9', '20-29', '11-20']) {
      const answer = await patch(location, content.subarray(0, 10), { 'content-range': range });
      expect(answer).toMatchObject({ status: 416, headers: { location, range: '0-9' } });
    }
    const last = { 'content-range': '20-299999' };
    expect((await close(location, digest, content.subarray(20), last)).status).toBe(416);
    expect((await close(location, digest, content.subarray(10))).status).toBe(201);
  });

  test.each([
    ['bytes 0-9/10', 'BLOB_UPLOAD_INVALID'],
    ['9-0', 'BLOB_UPLOAD_INVALID'],
    ['0-99', 'SIZE_INVALID'],
  ])('when its Content-Range is %s', async (range, code) => {
    const answer = await patch(await open(), content.subarray(0, 10), { 'content-range': range });
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].code).toBe(code);
  });

  test.each([
    [`${start}?digest=sha256:xyz`],
    [`${start}?digest=md5:d41d8cd98f00b204e9800998ecf8427e`],
    [`${start}?mount=nonsense&from=base`],
    [`${start}?digest-algorithm=md5`],
  ])('%s', async (path) => {
    const answer = await at.send('POST', path, { headers });
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].code).toBe('DIGEST_INVALID');
  });

  test('without a digest, in another repository, after a cancel', async () => {
    const location = await open();
    expect((await at.send('PUT', location, { headers })).status).toBe(400);
    expect((await patch(location.replace('team/app', 'team/other'), content)).status).toBe(404);
    await patch(location, content);
    expect((await at.send('DELETE', location, { headers })).status).toBe(204);
    expect((await close(location)).status).toBe(404);
    expect(await at.drafts()).toEqual([]);
  });
});

describe('an upload that breaks off', () => {
  /** Sends half of the content, waits until it is there, and breaks the connection. */
  async function breakOff(location: string): Promise<void> {
    const half = content.subarray(0, 150_000);
    const broken = at.send('PATCH', location, {
      headers: { ...headers, 'content-length': String(content.length) },
      body: async (outgoing) => {
        outgoing.write(half);
        await received(location, half.length);
        outgoing.destroy();
      },
    });
    await expect(broken).rejects.toThrow();
  }
  async function received(location: string, size: number): Promise<void> {
    await expect
      .poll(async () => (await at.send('GET', location, { headers })).headers.range)
      .toBe(`0-${size - 1}`);
  }

  test('shows nothing, and goes on from the bytes that arrived', async () => {
    const location = await open();
    await breakOff(location);
    expect((await at.send('HEAD', blob, { headers })).status).toBe(404);
    const rest = () => close(location, digest, content.subarray(150_000));
    await expect.poll(async () => (await rest()).status).toBe(201);
    expect(await stored()).toEqual(content);
    expect(at.faults).toEqual([]);
  });

  test('is swept when the process was killed meanwhile; what was acknowledged stays', async () => {
    const kept = await at.pushBlob('team/app', 'acknowledged');
    const location = await open();
    await breakOff(location);
    expect(await at.drafts()).toHaveLength(1);
    await at.restart();
    expect(await at.drafts()).toEqual([]);
    expect((await at.send('HEAD', blob, { headers })).status).toBe(404);
    expect((await at.send('GET', location, { headers })).status).toBe(404);
    const answer = await at.send('GET', `/v2/team/app/blobs/${kept}`, { headers });
    expect(answer.bytes.toString()).toBe('acknowledged');
  });

  test('is dropped when the registry closes, and nothing comes of it', async () => {
    const location = await open();
    await patch(location, content);
    await at.registry().close();
    expect(await at.drafts()).toEqual([]);
    expect((await close(location)).status).toBe(404);
    expect((await at.send('HEAD', blob, { headers })).status).toBe(404);
  });

  test('lets no second writer in while the first still sends', async () => {
    const location = await open();
    let finish = () => {};
    const slow = at.send('PATCH', location, {
      headers,
      body: (outgoing) => {
        outgoing.write(content.subarray(0, 10));
        finish = () => outgoing.end();
      },
    });
    await received(location, 10);
    expect((await patch(location, content)).status).toBe(409);
    finish();
    expect((await slow).headers.range).toBe('0-9');
  });

  test('is given up after a day', async () => {
    const location = await open();
    await patch(location, content);
    await at.advance(day + 1);
    await expect.poll(async () => (await at.send('GET', location, { headers })).status).toBe(404);
    await expect.poll(at.drafts).toEqual([]);
  });

  test('is broken off when its client has sent nothing for a day', async () => {
    const location = await open();
    let send = () => {};
    const stalled = at.send('PATCH', location, {
      headers,
      body: (outgoing) => {
        send = () => outgoing.write('1234567890');
        send();
      },
    });
    const brokenOff = expect(stalled).rejects.toThrow('socket hang up');
    await received(location, 10);
    await at.advance(day + 1);
    send();
    await received(location, 20);
    await at.advance(day + 1);
    await received(location, 20);
    await at.advance(day + 1);
    await brokenOff;
    await expect.poll(at.drafts).toEqual([]);
  });
});

test('thousands of uploads left open: the newest of each registry stay, and cost no file', async () => {
  const ofAnother = await at.send('POST', start, {
    headers: basic('other', 'first'),
    host: 'other.azurecr.io',
  });
  const first = await open();
  const locations: string[] = [];
  while (locations.length < openLimit) {
    await at.advance(1);
    locations.push(...(await Promise.all(Array.from({ length: 20 }, open))));
  }
  const status = async (location: string, more = {}) =>
    (await at.send('GET', location, { headers, ...more })).status;
  expect(await status(first)).toBe(404);
  expect(await Promise.all([locations[0]!, locations.at(-1)!].map((each) => status(each)))).toEqual([
    204, 204,
  ]);
  const other = { headers: basic('other', 'first'), host: 'other.azurecr.io' };
  expect(await status(ofAnother.headers.location!, other)).toBe(204);
  expect(await at.drafts()).toEqual([]);
});
