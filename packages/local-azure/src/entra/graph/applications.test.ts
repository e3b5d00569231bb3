import { createHash, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GraphCaller, startGraph } from '../../../test/graph-caller.ts';
import { createSelfSigned } from '../../../test/self-signed.ts';

let at: GraphCaller;

beforeEach(async () => {
  at = await startGraph();
});
afterEach(async () => {
  expect(at.faults).toEqual([]);
  await at.end();
});

const createApplication = async (body: object = {}) => {
  const made = await at.call('POST', '/applications', { body: { displayName: 'ci', ...body } });
  expect(made.status).toBe(201);
  return made.body as { id: string; appId: string };
};
const createPrincipal = async (appId: string): Promise<string> => {
  const made = await at.call('POST', '/servicePrincipals', { body: { appId, accountEnabled: true } });
  expect(made.status).toBe(201);
  return made.body.id;
};
const signIn = async (appId: string, proof: Record<string, string>) => {
  const { status, body } = await at.post(`/${at.entra.tenantId}/oauth2/v2.0/token`, {
    ...{ grant_type: 'client_credentials', client_id: appId, scope: 'https://management.azure.com/.default' },
    ...proof,
  });
  return status === 200 ? 'token' : body.error_codes[0];
};

test('what az ad sp create-for-rbac does: an application, a secret, a principal', async () => {
  const { id, appId } = await createApplication({ signInAudience: 'AzureADMyOrg', keyCredentials: [] });
  const times = { startDateTime: '2026-11-23T00:00:00Z', endDateTime: '2027-11-23T00:00:00Z' };
  const added = await at.call('POST', `/applications/${id}/addPassword`, {
    body: { passwordCredential: { displayName: 'rbac', ...times } },
  });
  expect(added).toMatchObject({ status: 200, body: { displayName: 'rbac', ...times } });
  const { secretText, keyId, hint } = added.body;
  expect(await signIn(appId, { client_secret: secretText })).toBe(700016);
  const principalId = await createPrincipal(appId);
  expect(await signIn(appId, { client_secret: secretText })).toBe('token');

  expect((await at.call('GET', `/applications/${id}`)).body.passwordCredentials).toEqual([
    { customKeyIdentifier: null, displayName: 'rbac', hint, keyId, secretText: null, ...times },
  ]);
  expect(await at.find('servicePrincipals', "displayName eq 'ci'")).toMatchObject([
    { id: principalId, appId },
  ]);
  expect(await at.find('applications', `appId eq '${appId}'`)).toMatchObject([{ id, displayName: 'ci' }]);

  const removed = await at.call('POST', `/applications/${id}/removePassword`, { body: { keyId } });
  expect(removed.status).toBe(204);
  expect(await signIn(appId, { client_secret: secretText })).toBe(7000215);
  expect(await at.refusal('POST', `/applications/${id}/removePassword`, { body: { keyId } })).toEqual([
    400,
    'Request_BadRequest',
  ]);
});

test('a secret of the principal is its own, and works as well', async () => {
  const { id, appId } = await createApplication();
  const principalId = await createPrincipal(appId);
  const { secretText } = (await at.call('POST', `/servicePrincipals/${principalId}/addPassword`)).body;
  expect(await signIn(appId, { client_secret: secretText })).toBe('token');
  expect((await at.call('GET', `/applications/${id}`)).body.passwordCredentials).toEqual([]);
});

describe('a certificate', () => {
  test('signs in, is shown by its thumbprint, and stays when others are put beside it', async () => {
    const mine = await createSelfSigned();
    const other = await createSelfSigned();
    const keyCredential = (key: string) => ({
      '@odata.type': '#microsoft.graph.keyCredential',
      ...{ displayName: null, key, keyId: randomUUID(), type: 'AsymmetricX509Cert', usage: 'Verify' },
      ...{ startDateTime: '2026-11-22T00:00:00Z', endDateTime: '2027-11-22T00:00:00Z' },
    });
    // az sends the lines of a PEM file.
    const lines = mine.base64.replace(/(.{64})/g, '$1\n');
    const { id, appId } = await createApplication({ keyCredentials: [keyCredential(lines)] });
    await createPrincipal(appId);
    const { keyCredentials } = (await at.call('GET', `/applications/${id}`)).body;
    const thumbprint = createHash('sha1').update(mine.x509.raw).digest();
    expect(keyCredentials).toMatchObject([
      { customKeyIdentifier: thumbprint.toString('base64'), key: null, type: 'AsymmetricX509Cert' },
    ]);

    const both = [...keyCredentials, keyCredential(other.base64)];
    const patched = await at.call('PATCH', `/applications/${id}`, { body: { keyCredentials: both } });
    expect(patched.status).toBe(204);
    const seconds = at.clock.now() / 1000;
    const assertion = await new SignJWT({ iss: appId, sub: appId, jti: randomUUID() })
      .setProtectedHeader({ alg: 'RS256', x5t: thumbprint.toString('base64url') })
      .setAudience(`https://login.microsoftonline.com/${at.entra.tenantId}/oauth2/v2.0/token`)
      .setExpirationTime(seconds + 600)
      .sign(mine.privateKey);
    const proof = {
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    };
    expect(await signIn(appId, proof)).toBe('token');
    await at.call('PATCH', `/applications/${id}`, { body: { keyCredentials: both.slice(1) } });
    expect(await signIn(appId, proof)).toBe(700027);
  });

  test.each([
    ['is none', { key: 'aGVsbG8=' }, 400],
    ['is missing', { key: null }, 400],
    ['is symmetric', { type: 'Symmetric' }, 501],
    ['is to sign with', { usage: 'Sign' }, 501],
    ['ends at no time', { endDateTime: 'soon' }, 400],
  ])('that %s is refused', async (_what, change, status) => {
    const credential = { key: 'x', type: 'AsymmetricX509Cert', usage: 'Verify', ...change };
    const body = { displayName: 'ci', keyCredentials: [credential] };
    expect((await at.call('POST', '/applications', { body })).status).toBe(status);
    expect(await at.find('applications', "displayName eq 'ci'")).toEqual([]);
  });
});

describe('an application', () => {
  test('takes its principal with it when it is renamed and deleted', async () => {
    const { id, appId } = await createApplication();
    const principalId = await createPrincipal(appId);
    await at.call('PATCH', `/applications/${id}`, { body: { displayName: 'cd' } });
    expect((await at.call('GET', `/servicePrincipals/${principalId}`)).body.displayName).toBe('cd');
    expect((await at.call('DELETE', `/applications/${id}`)).status).toBe(204);
    for (const path of [`/applications/${id}`, `/servicePrincipals/${principalId}`])
      expect(await at.refusal('GET', path)).toEqual([404, 'Request_ResourceNotFound']);
  });

  test.each([
    ['no name', { displayName: undefined }, 400],
    ['another audience', { signInAudience: 'AzureADMultipleOrgs' }, 501],
    ['an identifier URI', { identifierUris: ['api://ci'] }, 501],
    ['a redirect', { web: { redirectUris: ['http://localhost'] } }, 501],
  ])('with %s is refused', async (_what, change, status) => {
    const body = { displayName: 'ci', ...change };
    expect((await at.call('POST', '/applications', { body })).status).toBe(status);
  });
});

describe('a service principal', () => {
  test('is made once, of an application that is there', async () => {
    const { appId } = await createApplication();
    await createPrincipal(appId);
    const again = (body: object) => at.refusal('POST', '/servicePrincipals', { body });
    expect(await again({ appId })).toEqual([409, 'Request_MultipleObjectsWithSameKeyValue']);
    expect(await again({ appId: randomUUID() })).toEqual([400, 'Request_BadRequest']);
  });

  test('can be disabled, and then does not sign in', async () => {
    const { id, appId } = await createApplication();
    const principalId = await createPrincipal(appId);
    const { secretText } = (await at.call('POST', `/applications/${id}/addPassword`)).body;
    const body = { accountEnabled: false };
    expect((await at.call('PATCH', `/servicePrincipals/${principalId}`, { body })).status).toBe(204);
    expect(await signIn(appId, { client_secret: secretText })).toBe(7000112);
  });

  test('of a managed identity is its resource’s: Graph shows it, and leaves it alone', async () => {
    const resourceId = '/subscriptions/s/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller';
    const { id } = at.entra.principals.createManagedIdentity('puller', resourceId);
    expect((await at.call('GET', `/servicePrincipals/${id}`)).body).toMatchObject({
      servicePrincipalType: 'ManagedIdentity',
      alternativeNames: ['isExplicit=True', resourceId],
    });
    for (const [method, path] of [
      ['DELETE', ''],
      ['PATCH', ''],
      ['POST', '/addPassword'],
    ] as const)
      expect((await at.refusal(method, `/servicePrincipals/${id}${path}`, { body: {} }))[0]).toBe(403);
  });
});

describe('a federated credential', () => {
  const wanted = {
    name: 'github',
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:octo/app:ref:refs/heads/main',
    audiences: ['api://AzureADTokenExchange'],
  };

  test('is made, listed, changed and deleted, by its name or its id', async () => {
    const { id } = await createApplication();
    const list = `/applications/${id}/federatedIdentityCredentials`;
    const made = await at.call('POST', list, { body: { ...wanted, description: 'CI' } });
    expect(made).toMatchObject({ status: 201, body: { ...wanted, description: 'CI' } });
    const subject = 'repo:octo/other';
    expect((await at.call('PATCH', `${list}/github`, { body: { subject } })).status).toBe(204);
    const changed = { ...wanted, subject, id: made.body.id, description: 'CI' };
    expect((await at.call('GET', `${list}/${made.body.id}`)).body).toMatchObject(changed);
    expect((await at.call('GET', list)).body.value).toEqual([changed]);
    expect((await at.call('DELETE', `${list}/${made.body.id}`)).status).toBe(204);
    expect(await at.refusal('GET', `${list}/github`)).toEqual([404, 'Request_ResourceNotFound']);
  });

  test.each<[string, object, unknown[]]>([
    ['the name of another', { subject: 'x' }, [409, 'Request_MultipleObjectsWithSameKeyValue']],
    ['the subject of another', { name: 'other' }, [400, 'InvalidFederatedIdentityCredentialValue']],
    ['a bad name', { name: 'a b' }, [400, 'Request_BadRequest']],
    ['an issuer that is no URL', { name: 'other', issuer: 'github' }, [400, 'Request_BadRequest']],
    ['two audiences', { name: 'other', audiences: ['a', 'b'] }, [400, 'Request_BadRequest']],
  ])('with %s is refused', async (_what, change, expected) => {
    const { id } = await createApplication();
    const list = `/applications/${id}/federatedIdentityCredentials`;
    await at.call('POST', list, { body: wanted });
    expect(await at.refusal('POST', list, { body: { ...wanted, ...change } })).toEqual(expected);
  });
});
