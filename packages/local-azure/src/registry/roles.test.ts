import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  basic,
  entraToken,
  payloadOf,
  type RegistryServer,
  startRegistryServer,
} from '../../test/registry-server.ts';
import { parseScope } from './permissions.ts';

const service = 'hoge.azurecr.io';
const everything = 'pull,push,delete,metadata_read,metadata_write';
let at: RegistryServer;

beforeEach(async () => {
  at = await startRegistryServer();
});
afterEach(() => at.stop());

const setMode = (mode: 'LegacyRegistryPermissions' | 'AbacRepositoryPermissions') => {
  at.facts.get(service)!.roleAssignmentMode = mode;
};
const exchange = (principal: string) => at.exchange(entraToken(principal));
/** What an access token that was made from a refresh token lists of a scope. */
async function accessTo(scope: string, refresh_token: string): Promise<string> {
  const { access } = payloadOf((await at.redeem(refresh_token, scope)).json.access_token);
  const { type, name } = parseScope(scope)!;
  for (const entry of access) expect(entry).toMatchObject({ type, name });
  return access.flatMap((entry: { actions: string[] }) => entry.actions).join(',');
}

describe('in a registry with legacy permissions', () => {
  test.each([
    ['AcrPull', 'pull,metadata_read', '*'],
    ['AcrPush', 'pull,push,metadata_read,metadata_write', '*'],
    ['AcrDelete', 'delete', ''],
    ['Owner', everything, '*'],
    ['Contributor', everything, '*'],
    ['Reader', 'pull,metadata_read', '*'],
    ['Container Registry Data Importer and Data Reader', 'pull,metadata_read', '*'],
  ])('%s gives %s', async (role, actions, catalog) => {
    at.grant('p', role);
    const { refresh_token } = (await exchange('p')).json;
    expect(await accessTo(`repository:team/app:${everything}`, refresh_token)).toBe(actions);
    expect(await accessTo('repository:team/app:*', refresh_token)).toBe(actions);
    expect(await accessTo('registry:catalog:*', refresh_token)).toBe(catalog);
  });

  test.each([
    'AcrImageSigner',
    'AcrQuarantineReader',
    'AcrQuarantineWriter',
    'Container Registry Repository Contributor',
    'Container Registry Repository Catalog Lister',
    'Website Contributor',
  ])('%s gives nothing, and so no refresh token', async (role) => {
    at.grant('p', role);
    expect((await exchange('p')).status).toBe(401);
  });

  test('a refresh token carries the permissions of its exchange', async () => {
    at.grant('p', 'AcrPull');
    const { refresh_token } = (await exchange('p')).json;
    at.revoke('p');
    expect(await accessTo('repository:team/app:pull', refresh_token)).toBe('pull');
  });
});

describe('in an ABAC registry', () => {
  beforeEach(() => setMode('AbacRepositoryPermissions'));

  test.each([
    ['AcrPull', '', ''],
    ['AcrPush', '', ''],
    ['AcrDelete', '', ''],
    ['Owner', '', ''],
    ['Contributor', '', ''],
    ['Reader', '', ''],
    ['Container Registry Repository Reader', 'pull,metadata_read', ''],
    ['Container Registry Repository Writer', 'pull,push,metadata_read,metadata_write', ''],
    ['Container Registry Repository Contributor', everything, ''],
    ['Container Registry Repository Catalog Lister', '', '*'],
    ['Container Registry Data Importer and Data Reader', 'pull,metadata_read', '*'],
  ])('%s gives %s', async (role, actions, catalog) => {
    at.grant('p', role);
    const { refresh_token } = (await exchange('p')).json;
    expect(await accessTo(`repository:team/app:${everything}`, refresh_token)).toBe(actions);
    expect(await accessTo('registry:catalog:*', refresh_token)).toBe(catalog);
  });

  test('AcrPull signs in and does not pull', async () => {
    at.grant('p', 'AcrPull');
    const headers = await at.bearer('p', 'repository:team/app:pull');
    const answer = await at.send('GET', '/v2/team/app/manifests/1', { headers });
    expect(answer.status).toBe(401);
    expect(answer.json.errors[0]).toMatchObject({
      code: 'UNAUTHORIZED',
      detail: [{ Type: 'repository', Name: 'team/app', Action: 'pull' }],
    });
    expect((await at.send('GET', '/v2/', { headers })).status).toBe(200);
  });

  test('a condition cuts a role down to repositories, and grants add up', async () => {
    const data = 'Microsoft.ContainerRegistry/registries/repositories';
    at.grant(
      'p',
      'Container Registry Repository Writer',
      `((!(ActionMatches{'${data}/content/*'}) AND !(ActionMatches{'${data}/metadata/*'}))` +
        ` OR (@Request[${data}:name] StringStartsWithIgnoreCase 'team/'))`,
    );
    at.grant('p', 'Container Registry Repository Reader', `@Request[${data}:name] StringEquals 'base'`);
    const { refresh_token } = (await exchange('p')).json;
    expect(await accessTo('repository:team/app:pull,push,delete', refresh_token)).toBe('pull,push');
    expect(await accessTo('repository:base:pull,push', refresh_token)).toBe('pull');
    expect(await accessTo('repository:teams:pull', refresh_token)).toBe('');
    expect(await accessTo('registry:catalog:*', refresh_token)).toBe('');
    const headers = basic('00000000-0000-0000-0000-000000000000', refresh_token);
    expect((await at.send('GET', '/v2/base/manifests/1', { headers })).status).toBe(404);
    expect((await at.send('GET', '/v2/teams/manifests/1', { headers })).status).toBe(401);
  });

  test('rights are decided when the access token is made', async () => {
    const { refresh_token } = (await exchange('p')).json;
    at.grant('p', 'Container Registry Repository Reader');
    expect(await accessTo('repository:team/app:pull', refresh_token)).toBe('pull');
    at.revoke('p');
    expect(await accessTo('repository:team/app:pull', refresh_token)).toBe('');
  });

  test('the mode of the moment counts, whenever the exchange was', async () => {
    at.grant('p', 'Container Registry Repository Reader');
    at.grant('p', 'AcrPush');
    setMode('LegacyRegistryPermissions');
    const legacy = (await exchange('p')).json.refresh_token;
    setMode('AbacRepositoryPermissions');
    expect(await accessTo('repository:team/app:pull,push', legacy)).toBe('pull');
    const abac = (await exchange('p')).json.refresh_token;
    setMode('LegacyRegistryPermissions');
    expect(await accessTo('repository:team/app:pull,push', legacy)).toBe('pull,push');
    expect(await accessTo('repository:team/app:pull,push', abac)).toBe('');
  });

  test('the admin user may do all that it may elsewhere', async () => {
    const headers = basic('hoge', 'first');
    expect((await at.send('GET', '/v2/team/app/manifests/1', { headers })).status).toBe(404);
    expect((await at.send('GET', '/v2/_catalog', { headers })).status).toBe(200);
  });
});
