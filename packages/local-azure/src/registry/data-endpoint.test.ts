import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../test/http-server.ts';
import { basic, type RegistryServer, startRegistryServer } from '../../test/registry-server.ts';

const admin = basic('hoge', 'first');
const dataEndpoint = 'hoge.japaneast.data.azurecr.io';
let at: RegistryServer;
let path: string;
let digest: string;

beforeEach(async () => {
  at = await startRegistryServer();
  digest = await at.pushBlob('team/app', 'a layer');
  path = `/v2/team/app/blobs/${digest}`;
  at.facts.get('hoge.azurecr.io')!.dataEndpoint = dataEndpoint;
});
afterEach(() => at.stop());

/** Where the registry sends a client that asks for the blob. */
async function signedUrl(): Promise<URL> {
  const answer = await at.send('GET', path, { headers: admin });
  expect([answer.status, answer.headers['docker-content-digest']]).toEqual([307, digest]);
  return new URL(answer.headers.location!);
}

const follow = ({ host, pathname, search }: URL, method = 'GET', headers = {}) =>
  at.send(method, `${pathname}${search}`, { host, headers });

const errorOf = ({ bytes }: { bytes: Buffer }) => bytes.toString().replace(/^.*<Error>(.*)<\/Error>$/, '$1');

test('a blob is read there by its signed URL, whole or in part, and looked at where it always was', async () => {
  const url = await signedUrl();
  expect(url.host).toBe(dataEndpoint);
  const whole = await follow(url);
  expect([whole.status, whole.bytes.toString()]).toEqual([200, 'a layer']);
  const part = await follow(url, 'GET', { range: 'bytes=2-' });
  expect([part.status, part.bytes.toString()]).toEqual([206, 'layer']);
  expect((await follow(url, 'HEAD')).headers['content-length']).toBe('7');
  expect((await at.send('HEAD', path, { headers: admin })).headers['content-length']).toBe('7');
});

test('on loopback the registry serves its blobs itself', async () => {
  const { origin, close } = await startHttpServer(at.registry().handlerOnLoopback('hoge.azurecr.io'));
  const answer = await fetch(`${origin}${path}`, { headers: admin, redirect: 'manual' });
  expect([answer.status, await answer.text()]).toEqual([200, 'a layer']);
  await close();
});

test('is for those that may pull: without a credential there is no URL', async () => {
  expect((await at.send('GET', path)).status).toBe(401);
  const missing = `/v2/team/app/blobs/sha256:${'0'.repeat(64)}`;
  expect((await at.send('GET', missing, { headers: admin })).status).toBe(404);
});

describe('a URL is refused', () => {
  const refused = '<Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request.';

  test('when any part of it is changed or missing', async () => {
    const url = await signedUrl();
    const other = await at.pushBlob('team/app', 'another layer');
    const changes = { h: 'other.azurecr.io', r: 'team/other', d: other, e: '99999999999', s: 'AAAA' };
    for (const [name, value] of Object.entries(changes)) {
      for (const change of [
        (to: URL) => to.searchParams.set(name, value),
        (to: URL) => to.searchParams.delete(name),
      ]) {
        const changed = new URL(url);
        change(changed);
        const answer = await follow(changed);
        expect([answer.status, answer.headers['x-ms-error-code']]).toEqual([403, 'AuthenticationFailed']);
        expect(errorOf(answer)).toContain(refused);
      }
    }
    expect((await follow(new URL(`https://${dataEndpoint}/`))).status).toBe(403);
  });

  test('at another registry', async () => {
    at.facts.get('other.azurecr.io')!.dataEndpoint = 'other.japaneast.data.azurecr.io';
    const url = await signedUrl();
    url.host = 'other.japaneast.data.azurecr.io';
    expect((await follow(url)).status).toBe(403);
  });

  test('after 20 minutes', async () => {
    const url = await signedUrl();
    at.advance(19 * 60_000);
    expect((await follow(url)).status).toBe(200);
    at.advance(60_000);
    const answer = await follow(url);
    expect(answer.status).toBe(403);
    expect(errorOf(answer)).toMatch(
      /Signed expiry time \[.* GMT\] must be after signed start time \[.* GMT\]/,
    );
  });

  test('when the firewall does not let the client in, as at the registry', async () => {
    const url = await signedUrl();
    at.facts.get('hoge.azurecr.io')!.firewall.publicNetworkAccess = 'Disabled';
    const answer = await follow(url);
    expect([answer.status, answer.json.errors[0].code]).toEqual([403, 'DENIED']);
  });

  test.each<[string, string, Record<string, string>, number, string]>([
    ['for a range that it has not', 'GET', { range: 'bytes=7-' }, 416, 'InvalidRange'],
    ['for writing', 'PUT', {}, 405, 'UnsupportedHttpVerb'],
  ])('%s', async (_, method, headers, status, code) => {
    const answer = await follow(await signedUrl(), method, headers);
    expect([answer.status, answer.headers['x-ms-error-code']]).toEqual([status, code]);
  });

  test('when the blob is gone', async () => {
    const url = await signedUrl();
    await at.send('DELETE', path, { headers: admin });
    expect(errorOf(await follow(url))).toBe(
      '<Code>BlobNotFound</Code><Message>The specified blob does not exist.</Message>',
    );
  });
});

test('the endpoint exists where it is turned on, and at no other address', () => {
  const { hasDataEndpoint } = at.registry();
  expect(hasDataEndpoint(dataEndpoint)).toBe(true);
  for (const host of [
    'hoge.westus.data.azurecr.io',
    'other.japaneast.data.azurecr.io',
    'gone.japaneast.data.azurecr.io',
  ])
    expect(hasDataEndpoint(host)).toBe(false);
});
