import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { basic, payloadOf, type RegistryServer, startRegistryServer } from '../../test/registry-server.ts';
import { hashSecret } from '../secret.ts';
import type { RepositoryToken } from './registry-facts.ts';

const service = 'hoge.azurecr.io';
const minute = 60 * 1000;
let at: RegistryServer;
/** The one token of the registry `hoge`. */
let token: RepositoryToken;

beforeEach(async () => {
  at = await startRegistryServer();
  token = {
    name: 'MyToken',
    status: 'enabled',
    passwords: [{ hash: hashSecret('first') }, { hash: hashSecret('second') }],
    actions: ['repositories/team/*/content/read', 'repositories/team/app/content/write'],
  };
  at.facts.get(service)!.findToken = (name) => (name.toLowerCase() === 'mytoken' ? token : undefined);
});
afterEach(() => at.stop());

const scope = 'repository:team/app:pull,push,delete repository:team/b:pull,push registry:catalog:*';
const byBasic = (username: string, password: string, host = service) =>
  at.send('GET', `/oauth2/token?service=${host}&scope=${encodeURIComponent(scope)}`, {
    headers: basic(username, password),
    host,
  });
const byForm = (username: string, password: string, host = service) =>
  at.form('/oauth2/token', { grant_type: 'password', service: host, scope, username, password }, host);
describe("a token's name and password", () => {
  test.each([
    ['Basic', byBasic],
    ['the form', byForm],
  ])('by %s, give an access token with the actions of the scope map', async (_way, ask) => {
    const { status, json } = await ask('MyToken', 'second');
    expect(status).toBe(200);
    const { sub, access } = payloadOf(json.access_token);
    expect(sub).toBe('MyToken');
    expect(access).toEqual([
      { type: 'repository', name: 'team/app', actions: ['pull', 'push'] },
      { type: 'repository', name: 'team/b', actions: ['pull'] },
    ]);
  });

  test('serve directly, as far as the actions go', async () => {
    const headers = basic('MyToken', 'first');
    const status = async (method: string, path: string) => (await at.send(method, path, { headers })).status;
    expect(await status('GET', '/v2/')).toBe(200);
    expect(await status('GET', '/v2/team/b/manifests/1')).toBe(404);
    expect(await status('POST', '/v2/team/app/blobs/uploads/')).toBe(202);
    expect(await status('POST', '/v2/team/b/blobs/uploads/')).toBe(401);
    expect(await status('GET', '/v2/other/manifests/1')).toBe(401);
    expect(await status('GET', '/v2/team/app/tags/list')).toBe(401);
    expect(await status('GET', '/v2/_catalog')).toBe(401);
  });

  test('follow the scope map at once', async () => {
    const pull = () => at.send('GET', '/v2/other/manifests/1', { headers: basic('MyToken', 'first') });
    expect((await pull()).status).toBe(401);
    token.actions = ['repositories/*/content/read'];
    expect((await pull()).status).toBe(404);
  });

  test.each<[string, () => void, string, string, string]>([
    ['an unknown name', () => {}, 'NoToken', 'first', service],
    ['a wrong password', () => {}, 'MyToken', 'third', service],
    ['its hash', () => {}, 'MyToken', hashSecret('first'), service],
    ['no password', () => {}, 'MyToken', '', service],
    ['another registry', () => {}, 'MyToken', 'first', 'other.azurecr.io'],
    ['a disabled token', () => (token.status = 'disabled'), 'MyToken', 'first', service],
    [
      'an expired password',
      () => {
        token.passwords = [{ hash: hashSecret('first'), expiry: Date.UTC(2026, 10, 22) }];
      },
      'MyToken',
      'first',
      service,
    ],
  ])('are refused for %s', async (_name, change, username, password, host) => {
    change();
    const direct = await at.send('GET', '/v2/team/app/manifests/1', {
      headers: basic(username, password),
      host,
    });
    for (const { status, json } of [await byBasic(username, password, host), direct]) {
      expect([status, json.errors[0].code]).toEqual([401, 'UNAUTHORIZED']);
    }
    // A form without a password is not a wrong one.
    expect((await byForm(username, password, host)).status).toBe(password === '' ? 400 : 401);
  });

  test('an access token ends with the password that it was made with', async () => {
    token.passwords = [{ hash: hashSecret('first'), expiry: Date.UTC(2026, 10, 23) + 10 * minute }];
    const { access_token } = (await byBasic('MyToken', 'first')).json;
    const pull = () =>
      at.send('GET', '/v2/team/app/manifests/1', { headers: { authorization: `Bearer ${access_token}` } });
    at.advance(9 * minute);
    expect((await pull()).status).toBe(404);
    at.advance(2 * minute);
    expect((await pull()).status).toBe(401);
    expect((await byBasic('MyToken', 'first')).status).toBe(401);
  });
});
