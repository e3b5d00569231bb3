import { UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Entra, type TokenFault, TokenRefused } from '../entra/entra.ts';
import { authenticate } from './authentication.ts';
import type { AzureError } from './azure-error.ts';

const now = Date.UTC(2023, 0, 18, 17, 24, 9);
const tenantId = '99999999-8888-7777-6666-555555555555';
let token: string;

beforeAll(() => {
  token = new UnsecuredJWT({ exp: Date.UTC(2023, 0, 18, 5, 10, 42) / 1000, nbf: now / 1000 + 60 })
    .setAudience('https://vault.azure.net')
    .setIssuer('https://sts.windows.net/other/')
    .encode();
});

const refusing = (fault: TokenFault) =>
  ({ tenantId, verifyToken: () => Promise.reject(new TokenRefused(fault, fault)) }) as unknown as Entra;
const refusal = (entra: Entra, header?: string) =>
  authenticate(entra, header, now).then(
    () => expect.unreachable(),
    (error: AzureError) => error,
  );

describe('authenticate', () => {
  test.each<[TokenFault, string, string]>([
    ['malformed', 'InvalidAuthenticationToken', 'The access token is invalid.'],
    ['signature', 'InvalidAuthenticationToken', 'The access token is invalid.'],
    [
      'audience',
      'InvalidAuthenticationTokenAudience',
      "wrong audience or resource 'https://vault.azure.net'",
    ],
    ['issuer', 'InvalidAuthenticationTokenTenant', "wrong issuer 'https://sts.windows.net/other/'"],
    [
      'expired',
      'ExpiredAuthenticationToken',
      "The access token expiry UTC time '1/18/2023 5:10:42 AM' is earlier than current UTC time '1/18/2023 5:24:09 PM'.",
    ],
    ['not-yet-valid', 'InvalidAuthenticationToken', "not valid before UTC time '1/18/2023 5:25:09 PM'"],
  ])('a token refused for its %s: %s', async (fault, code, message) => {
    const error = await refusal(refusing(fault), `Bearer ${token}`);
    expect(error).toMatchObject({ status: 401, code });
    expect(error.message).toContain(message);
    expect(error.headers['www-authenticate']).toContain(
      `Bearer authorization_uri="https://login.windows.net/${tenantId}", error="invalid_token"`,
    );
  });

  test.each([
    [undefined, 'AuthenticationFailed'],
    ['', 'AuthenticationFailed'],
    ['Basic dTpw', 'AuthenticationFailedInvalidHeader'],
    ['Bearer', 'AuthenticationFailedInvalidHeader'],
    ['Bearer a b', 'AuthenticationFailedInvalidHeader'],
  ])('the header %j: %s', async (header, code) => {
    expect(await refusal(refusing('malformed'), header)).toMatchObject({ status: 401, code });
  });

  test('a token cannot break out of the challenge', async () => {
    const wicked = new UnsecuredJWT({}).setAudience('x"\r\nset-cookie: é').encode();
    const error = await refusal(refusing('audience'), `Bearer ${wicked}`);
    expect(error.headers['www-authenticate']).toContain("resource 'x'??set-cookie: ?'");
  });

  test('a fault inside is not taken for a refusal', async () => {
    const broken = { tenantId, verifyToken: () => Promise.reject(new Error('disk')) } as unknown as Entra;
    await expect(authenticate(broken, 'Bearer x', now)).rejects.toThrow('disk');
  });
});
