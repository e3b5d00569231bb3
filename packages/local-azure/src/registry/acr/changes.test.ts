import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  basic,
  ociManifest,
  type RegistryServer,
  startRegistryServer,
} from '../../../test/registry-server.ts';
import { sha256 } from '../../../test/sha256.ts';

const headers = basic('hoge', 'first');
const enabled = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true };
let at: RegistryServer;

beforeEach(async () => {
  at = await startRegistryServer();
});
afterEach(() => at.stop());

const send = (method: string, path: string, body?: unknown) =>
  at.send(method, `/acr/v1/${path}`, { headers, body: body === undefined ? '' : JSON.stringify(body) });
const get = async (path: string) => (await send('GET', path)).json;

describe('removal', () => {
  test('a repository goes with all that it holds, and nothing else does', async () => {
    const digests = [await at.pushImage('a', '1'), await at.pushImage('a', '2', '{"os":"plan9"}')];
    const other = await at.pushImage('b', '1');
    const answer = await send('DELETE', 'a');
    expect(answer).toMatchObject({
      status: 202,
      json: { manifestsDeleted: [...digests].sort(), tagsDeleted: ['1', '2'] },
    });
    for (const path of ['a', 'a/_tags', 'a/_tags/1', 'a/_manifests', `a/_manifests/${digests[0]}`]) {
      expect((await send('GET', path)).status).toBe(404);
    }
    const blob = `/v2/a/blobs/${sha256('{"os":"plan9"}')}`;
    expect((await at.send('GET', blob, { headers })).status).toBe(404);
    expect(await get('_catalog')).toEqual({ repositories: ['b'] });
    expect((await at.send('GET', `/v2/b/manifests/${other}`, { headers })).status).toBe(200);
    expect((await send('DELETE', 'a')).json.errors[0]).toMatchObject({ code: 'NAME_UNKNOWN' });
  });

  test('a repository goes with its last manifest, and not with its last tag', async () => {
    const digest = await at.pushImage('a', '1');
    expect((await send('DELETE', 'a/_tags/1')).status).toBe(202);
    expect((await get('a')).tagCount).toBe(0);
    expect(await get('a/_tags')).toMatchObject({ tags: [] });
    await at.send('DELETE', `/v2/a/manifests/${digest}`, { headers });
    const { status, json } = await send('GET', 'a/_manifests');
    expect([status, json.errors[0].message]).toEqual([404, 'repository "a" is not found']);
    expect(await get('_catalog')).toEqual({ repositories: [] });
  });

  test('a manifest goes with all that refers to it', async () => {
    const subject = await at.pushImage('a', '1');
    const refer = (digest: string, config: string) =>
      at.pushImage('a', undefined, config, { subject: { digest, mediaType: ociManifest, size: 1 } });
    await refer(await refer(subject, '{"a":"bill of materials"}'), '{"a":"signature of it"}');
    const other = await at.pushImage('a', '2', '{"os":"plan9"}');
    expect((await get('a')).manifestCount).toBe(4);
    await at.send('DELETE', `/v2/a/manifests/${subject}`, { headers });
    expect((await get('a/_manifests')).manifests).toMatchObject([{ digest: other }]);
  });

  test('an unknown tag is told as such', async () => {
    for (const method of ['GET', 'DELETE', 'PATCH']) {
      const { status, json } = await send(method, 'a/_tags/1', method === 'PATCH' ? {} : undefined);
      expect([status, json.errors[0].code]).toEqual([404, 'TAG_UNKNOWN']);
    }
  });
});

describe('changes', () => {
  beforeEach(async () => {
    await at.pushImage('a', '1');
  });

  test('touch what they name, and answer with all of it', async () => {
    const attributes = async (changes: unknown) =>
      (await send('PATCH', 'a/_tags/1', changes)).json.tag.changeableAttributes;
    expect(await attributes({ writeEnabled: false })).toEqual({ ...enabled, writeEnabled: false });
    expect(await attributes({ listEnabled: false })).toEqual({
      ...enabled,
      writeEnabled: false,
      listEnabled: false,
    });
    expect(await attributes({})).toMatchObject({ writeEnabled: false });
    expect(await attributes(enabled)).toEqual(enabled);
  });

  test.each([
    ['no JSON', '{', 400],
    ['nothing', '', 400],
    ['no object', '[]', 400],
    ['null', 'null', 400],
    ['no boolean', '{"writeEnabled":"false"}', 400],
    ['an unknown attribute', '{"writeEnabled":false,"teleportEnabled":true}', 400],
    ['a prototype', '{"__proto__":{"writeEnabled":false}}', 400],
    ['quarantine', '{"quarantineState":"Passed"}', 501],
    ['too much', `{"writeEnabled":${' '.repeat(70_000)}false}`, 400],
  ])('with %s are refused, and change nothing', async (_, body, status) => {
    for (const path of ['a', 'a/_tags/1', `a/_manifests/${(await get('a/_tags/1')).tag.digest}`]) {
      const answer = await at.send('PATCH', `/acr/v1/${path}`, { headers, body });
      expect([answer.status, answer.json.errors[0].code]).toEqual([status, 'UNSUPPORTED']);
    }
    expect((await get('a')).changeableAttributes).toEqual(enabled);
    expect((await get('a/_tags/1')).tag.changeableAttributes).toEqual(enabled);
  });
});

test.each([
  ['GET', '_catalog', 'registry:catalog:*'],
  ['GET', 'a', 'repository:a:metadata_read'],
  ['PATCH', 'a', 'repository:a:metadata_write'],
  ['DELETE', 'a', 'repository:a:delete'],
  ['GET', 'a/_tags', 'repository:a:metadata_read'],
  ['GET', 'a/_tags/1', 'repository:a:metadata_read'],
  ['PATCH', 'a/_tags/1', 'repository:a:metadata_write'],
  ['DELETE', 'a/_tags/1', 'repository:a:delete'],
  ['GET', 'a/_manifests', 'repository:a:metadata_read'],
  ['GET', `a/_manifests/${sha256('')}`, 'repository:a:metadata_read'],
  ['PATCH', `a/_manifests/${sha256('')}`, 'repository:a:metadata_write'],
])('%s %s asks for %s', async (method, path, scope) => {
  const { status, headers: answered } = await at.send(method, `/acr/v1/${path}`);
  expect(status).toBe(401);
  expect(/scope="([^"]*)"/.exec(answered['www-authenticate']!)?.[1]).toBe(scope);
});

test.each([
  ['GET', 'a/_tags?n=x', 400, 'PAGINATION_NUMBER_INVALID'],
  ['GET', 'a/_tags?orderby=name', 400, 'UNSUPPORTED'],
  ['GET', 'a/_manifests?orderby=__proto__', 400, 'UNSUPPORTED'],
  ['GET', 'a/_tags?digest=sha256:1', 400, 'DIGEST_INVALID'],
  ['GET', 'b', 404, 'NAME_UNKNOWN'],
  ['PATCH', 'b', 404, 'NAME_UNKNOWN'],
  ['GET', 'b/_tags', 404, 'NAME_UNKNOWN'],
  ['GET', 'b/_manifests', 404, 'NAME_UNKNOWN'],
  ['GET', `a/_manifests/${sha256('')}`, 404, 'MANIFEST_UNKNOWN'],
  ['PATCH', `a/_manifests/${sha256('')}`, 404, 'MANIFEST_UNKNOWN'],
  ['POST', 'a', 405, 'UNSUPPORTED'],
  ['DELETE', `a/_manifests/${sha256('')}`, 405, 'UNSUPPORTED'],
])('%s %s is %i', async (method, path, status, code) => {
  await at.pushImage('a', '1');
  const answer = await send(method, path, method === 'PATCH' ? {} : undefined);
  expect([answer.status, answer.json.errors[0].code]).toEqual([status, code]);
});
