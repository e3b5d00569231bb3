import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTenant } from '../../../test/tenant.ts';
import type { User } from '../entra.ts';

const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const minute = 60_000;
const day = 24 * 60 * minute;
const password = 'a Password 1';
let at: Awaited<ReturnType<typeof startTenant>>;
let user: User;

beforeEach(async () => {
  at = await startTenant();
  user = await at.entra.principals.createUser({
    ...{ userPrincipalName: 'ann@localazure.onmicrosoft.com', mailNickname: 'ann', displayName: 'Ann' },
    ...{ accountEnabled: true, password },
  });
});
afterEach(async () => {
  expect(at.faults).toEqual([]);
  await at.close();
  at.db.close();
});

const scope = 'https://management.core.windows.net//.default offline_access openid profile';
const begin = (fields: Record<string, string> = {}) =>
  at.post('/organizations/oauth2/v2.0/devicecode', { client_id: azureCli, scope, ...fields });
const token = (fields: Record<string, string>) =>
  at.post('/organizations/oauth2/v2.0/token', { client_id: azureCli, ...fields });
const poll = (device_code: string) =>
  token({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code });
const refresh = (refresh_token: string, fields: Record<string, string> = {}) =>
  token({ grant_type: 'refresh_token', refresh_token, scope, ...fields });
const submit = (fields: Record<string, string>) =>
  at.post('/common/oauth2/deviceauth', { username: user.userPrincipalName, password, ...fields });
const refusal = async (answer: ReturnType<typeof token>) => {
  const { status, body } = await answer;
  return [status, body.error, body.error_codes?.[0]];
};

/** Begins a sign-in and carries it through. */
async function signIn() {
  const { user_code, device_code } = (await begin()).body;
  expect((await submit({ code: user_code })).status).toBe(200);
  return (await poll(device_code)).body;
}

describe('signing in with a device code', () => {
  test('shows the user a code and an address, and waits for it', async () => {
    const { body } = await begin();
    expect(body).toMatchObject({ expires_in: 900, interval: 5 });
    expect(body.user_code).toMatch(/^[A-Z2-9]{9}$/);
    expect(body.message).toContain(body.user_code);
    expect(body.verification_uri).toBe('http://login.localhost:4280/common/oauth2/deviceauth');
    expect(await refusal(poll(body.device_code))).toEqual([400, 'authorization_pending', 70016]);
    expect(await submit({ code: ` ${body.user_code.toLowerCase()} ` })).toMatchObject({
      status: 200,
      body: expect.stringContaining('You are signed in'),
    });
    const issued = (await poll(body.device_code)).body;
    expect(issued.scope.split(' ')).toContain('https://management.core.windows.net//.default');
    expect(JSON.parse(Buffer.from(issued.client_info, 'base64url').toString())).toEqual({
      uid: user.id,
      utid: at.entra.tenantId,
    });
    expect(decodeJwt(issued.id_token)).toMatchObject({
      aud: azureCli,
      iss: `https://login.microsoftonline.com/${at.entra.tenantId}/v2.0`,
      oid: user.id,
      preferred_username: user.userPrincipalName,
    });
    expect(
      await at.entra.verifyToken(issued.access_token, ['https://management.core.windows.net/']),
    ).toMatchObject({
      oid: user.id,
      appid: azureCli,
      upn: user.userPrincipalName,
    });
  });

  test('gives its tokens once', async () => {
    const { user_code, device_code } = (await begin()).body;
    await submit({ code: user_code });
    expect((await poll(device_code)).status).toBe(200);
    expect(await refusal(poll(device_code))).toEqual([400, 'bad_verification_code', 70018]);
    expect((await submit({ code: user_code })).status).toBe(400);
  });

  test('ends after a quarter of an hour, and when the user declines', async () => {
    const late = (await begin()).body;
    const declined = (await begin()).body;
    expect((await submit({ code: declined.user_code, decline: '1' })).body).toContain('Declined');
    expect(await refusal(poll(declined.device_code))).toEqual([400, 'authorization_declined', 70018]);
    await at.clock.advance(15 * minute);
    expect((await submit({ code: late.user_code })).status).toBe(400);
    expect(await refusal(poll(late.device_code))).toEqual([400, 'expired_token', 70019]);
  });

  test('is no use to a user who is gone by then', async () => {
    const { user_code, device_code } = (await begin()).body;
    await submit({ code: user_code });
    at.entra.principals.delete(user.id);
    expect(await refusal(poll(device_code))).toEqual([400, 'invalid_grant', 70000]);
  });

  test.each([
    ['no client', { client_id: '' }, [400, 'invalid_request', 900144]],
    ['an unknown client', { client_id: randomUUID() }, [400, 'unauthorized_client', 700016]],
    ['no scope', { scope: '' }, [400, 'invalid_request', 900144]],
    ['a bad scope', { scope: 'hoge/.default' }, [400, 'invalid_scope', 70011]],
  ])('with %s is refused', async (_what, fields, expected) => {
    expect(await refusal(begin(fields))).toEqual(expected);
  });

  test('is not for an application that has a secret', async () => {
    const client_id = at.application.principal.appId;
    expect(await refusal(begin({ client_id }))).toEqual([401, 'invalid_client', 7000218]);
  });

  test('for a resource that the tenant does not have ends without a token', async () => {
    const { user_code, device_code } = (await begin({ scope: 'https://example.com/.default' })).body;
    await submit({ code: user_code });
    expect(await refusal(poll(device_code))).toEqual([400, 'invalid_resource', 500011]);
  });

  test('by another program than began it is refused', async () => {
    const { user_code, device_code } = (await begin()).body;
    await submit({ code: user_code });
    const other = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code };
    expect(await refusal(token({ ...other, client_id: randomUUID() }))).toEqual([
      ...[400, 'unauthorized_client', 700016],
    ]);
    expect((await poll(device_code)).status).toBe(200);
  });
});

describe('the page', () => {
  test('has a form with a label for each field, and lets nothing in from elsewhere', async () => {
    const { status, headers, body } = await at.ask('login', '/common/oauth2/deviceauth');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(body).toContain('<html lang="en">');
    const inputs = [...body.matchAll(/<input id="(\w+)"/g)].map(([, id]) => id);
    expect(inputs).toEqual(['code', 'username', 'password']);
    for (const id of inputs) expect(body).toContain(`<label for="${id}">`);
  });

  test.each([
    ['an unknown code', { code: 'XXXXXXXXX' }, 'That code did not work'],
    ['an unknown user', { username: 'bob@localazure.onmicrosoft.com' }, 'AADSTS50034'],
    ['a wrong password', { password: 'wrong' }, 'AADSTS50126'],
    ['no password', { password: '' }, 'AADSTS50126'],
  ])('tells of %s, and asks again', async (_what, fields, problem) => {
    const { user_code, device_code } = (await begin()).body;
    const answer = await submit({ code: user_code, ...fields });
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining(problem)]);
    expect(answer.body).toContain('role="alert"');
    expect(await refusal(poll(device_code))).toEqual([400, 'authorization_pending', 70016]);
  });

  test('tells of a disabled user, after the password alone', async () => {
    at.directory.update({ ...user, accountEnabled: false });
    const { user_code } = (await begin()).body;
    expect((await submit({ code: user_code })).body).toContain('AADSTS50057');
    expect((await submit({ code: user_code, password: 'wrong' })).body).toContain('AADSTS50126');
  });

  test('shows what was typed as text, and never the password', async () => {
    const { body } = await submit({ code: '"><script>', username: '<b>', password: 'a secret' });
    expect(body).toContain('value="&quot;&gt;&lt;script&gt;"');
    expect(body).toContain('value="&lt;b&gt;"');
    expect(body).not.toMatch(/<script>|<b>|a secret/);
  });
});

describe('a refresh token', () => {
  test('gives new tokens for any resource, at the newer endpoint and the older one', async () => {
    const { refresh_token } = await signIn();
    const graph = await refresh(refresh_token, { scope: 'https://graph.microsoft.com/.default openid' });
    expect(decodeJwt(graph.body.access_token).aud).toBe('https://graph.microsoft.com');
    expect(graph.body).not.toHaveProperty('refresh_token');
    const older = await at.post(`/${at.entra.tenantId}/oauth2/token`, {
      ...{ grant_type: 'refresh_token', refresh_token, client_id: azureCli },
      resource: 'https://management.azure.com/',
    });
    expect(older.body).toMatchObject({ resource: 'https://management.azure.com/', expires_in: '4499' });
    expect((await refresh(older.body.refresh_token)).status).toBe(200);
  });

  test('outlives a restart', async () => {
    const { refresh_token } = await signIn();
    await at.reopen();
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  test.each<[string, () => unknown, number]>([
    ['is left alone for 90 days', () => at.clock.advance(90 * day), 700082],
    ['has its user deleted', () => at.entra.principals.delete(user.id), 70000],
    ['has its user disabled', () => at.directory.update({ ...user, accountEnabled: false }), 50057],
    [
      'has its user change the password',
      async () => {
        await at.clock.advance(1);
        at.directory.passwords.set(user.id, await at.directory.passwords.hash('another'));
      },
      50173,
    ],
  ])('that %s is worth nothing', async (_what, happen, code) => {
    const { refresh_token } = await signIn();
    await happen();
    expect(await refusal(refresh(refresh_token))).toEqual([400, 'invalid_grant', code]);
  });

  test('of another kind, or changed, is refused', async () => {
    const { refresh_token, access_token, id_token } = await signIn();
    const [head, , signature] = refresh_token.split('.');
    const payload = { ...decodeJwt(refresh_token), sub: randomUUID() };
    const changed = `${head}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.${signature}`;
    for (const token of [access_token, id_token, changed, 'hello'])
      expect(await refusal(refresh(token))).toEqual([400, 'invalid_grant', 70000]);
    await expect(at.entra.verifyToken(refresh_token, ['x'])).rejects.toMatchObject({ fault: 'signature' });
    await expect(at.entra.verifyToken(id_token, [azureCli])).rejects.toMatchObject({ fault: 'malformed' });
  });
});
