import { createHash, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type HttpServer, startHttpServer } from '../../../test/http-server.ts';
import { createSelfSigned, type SelfSigned } from '../../../test/self-signed.ts';
import { startTenant } from '../../../test/tenant.ts';

const arm = 'https://management.azure.com';
const hour = 60 * 60 * 1000;
let at: Awaited<ReturnType<typeof startTenant>>;
/** The object id of the application that signs in. */
let ownerId: string;

beforeEach(async () => {
  at = await startTenant();
  ownerId = at.directory.applications.getByAppId(at.application.principal.appId)!.id;
});
afterEach(async () => {
  expect(at.faults).toEqual([]);
  await at.close();
  at.db.close();
});

const tokenPath = () => `/${at.entra.tenantId}/oauth2/v2.0/token`;
const signIn = (fields: Record<string, string>) =>
  at.post(tokenPath(), {
    grant_type: 'client_credentials',
    client_id: at.application.principal.appId,
    scope: `${arm}/.default`,
    ...fields,
  });
const withAssertion = (assertion: string, fields: Record<string, string> = {}) =>
  signIn({
    client_assertion: assertion,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    ...fields,
  });
const outcome = async (answer: ReturnType<typeof signIn>) => {
  const { status, body } = await answer;
  return status === 200 ? 'token' : [status, body.error, body.error_codes[0]];
};

describe('secrets', () => {
  test('there can be several, of the application and of its principal, each for its time', async () => {
    const { directory, clock, application } = at;
    const now = clock.now();
    const { secretText: short } = directory.credentials.addSecret(ownerId, { endsOn: now + hour });
    const { secretText: later } = directory.credentials.addSecret(ownerId, { startsOn: now + hour });
    const { secretText: own } = directory.credentials.addSecret(application.principal.id);
    const works = (secret: string) => outcome(signIn({ client_secret: secret }));
    for (const secret of [application.secret, short, own]) expect(await works(secret)).toBe('token');
    expect(await works(later)).toEqual([401, 'invalid_client', 7000215]);
    await clock.advance(hour);
    for (const secret of [application.secret, later, own]) expect(await works(secret)).toBe('token');
    expect(await works(short)).toEqual([401, 'invalid_client', 7000222]);
  });

  test('one that was removed is none, and the others stay', async () => {
    const { keyId, secretText } = at.directory.credentials.addSecret(ownerId);
    expect(at.directory.credentials.removeSecret(ownerId, keyId)).toBe(true);
    expect(await outcome(signIn({ client_secret: secretText }))).toEqual([401, 'invalid_client', 7000215]);
    expect(await outcome(signIn({ client_secret: at.application.secret }))).toBe('token');
  });

  test('a disabled principal gets nothing for a good one', async () => {
    at.directory.update({ ...at.application.principal, accountEnabled: false });
    expect(await outcome(signIn({ client_secret: at.application.secret }))).toEqual([
      401,
      'unauthorized_client',
      7000112,
    ]);
  });
});

describe('a certificate', () => {
  let mine: SelfSigned;
  let other: SelfSigned;

  beforeAll(async () => {
    mine = await createSelfSigned();
    other = await createSelfSigned();
  });
  beforeEach(() => {
    const now = at.clock.now();
    const described = { keyId: randomUUID(), startsOn: now - hour, endsOn: now + 24 * hour };
    at.directory.credentials.setCertificates(ownerId, [{ ...described, certificate: mine.base64 }]);
  });

  interface Assertion {
    key: KeyObject;
    header: { alg: string } & Record<string, string>;
    claims: Record<string, unknown>;
  }
  const hashOf = ({ x509 }: SelfSigned, algorithm: string) =>
    createHash(algorithm).update(x509.raw).digest('base64url');
  const good = (): Assertion => {
    const seconds = at.clock.now() / 1000;
    const { appId } = at.application.principal;
    return {
      key: mine.privateKey,
      header: { alg: 'RS256', typ: 'JWT', x5t: hashOf(mine, 'sha1') },
      claims: {
        ...{ iss: appId, sub: appId, jti: randomUUID(), nbf: seconds, exp: seconds + 600 },
        aud: `https://login.microsoftonline.com${tokenPath()}`,
      },
    };
  };
  const sign = ({ key, header, claims }: Assertion) =>
    new SignJWT(claims).setProtectedHeader(header).sign(key);

  test.each<[string, (one: Assertion) => void]>([
    ['x5t', () => {}],
    [
      'x5t#S256 and PS256, as newer MSALs have it',
      ({ header }) => {
        Object.assign(header, { alg: 'PS256', 'x5t#S256': hashOf(mine, 'sha256') });
        delete header.x5t;
      },
    ],
    [
      'kid',
      ({ header }) => {
        Object.assign(header, { kid: mine.x509.fingerprint.replaceAll(':', '') });
        delete header.x5t;
      },
    ],
    [
      'the older endpoint as audience',
      ({ claims }) => {
        claims.aud = `https://login.microsoftonline.com/${at.entra.tenantId}/oauth2/token`;
      },
    ],
    [
      'a start just ahead, as MSAL for Node rounds it',
      ({ claims }) => {
        claims.nbf = at.clock.now() / 1000 + 1;
      },
    ],
    [
      'the issuer as audience',
      ({ claims }) => {
        claims.aud = [`https://login.microsoftonline.com/${at.entra.tenantId}/v2.0`];
      },
    ],
  ])('signs in with %s', async (_what, change) => {
    const one = good();
    change(one);
    expect(await outcome(withAssertion(await sign(one)))).toBe('token');
  });

  test('signs in with the same assertion again, as MSAL does', async () => {
    const assertion = await sign(good());
    for (let n = 0; n < 2; n++) expect(await outcome(withAssertion(assertion))).toBe('token');
  });

  test.each<[string, number, (one: Assertion) => void]>([
    [
      'another key',
      700027,
      (one) => {
        one.key = other.privateKey;
      },
    ],
    [
      'another certificate',
      700027,
      ({ header }) => {
        header.x5t = hashOf(other, 'sha1');
      },
    ],
    [
      'no thumbprint',
      700027,
      ({ header }) => {
        delete header.x5t;
      },
    ],
    [
      'an algorithm that is not allowed',
      700027,
      ({ header }) => {
        header.alg = 'RS512';
      },
    ],
    [
      'an expiry that is past',
      700024,
      ({ claims }) => {
        claims.exp = at.clock.now() / 1000 - 300;
      },
    ],
    [
      'no expiry',
      700024,
      ({ claims }) => {
        delete claims.exp;
      },
    ],
    [
      'a start that is to come',
      700024,
      ({ claims }) => {
        claims.nbf = at.clock.now() / 1000 + 301;
      },
    ],
    [
      'another audience',
      700023,
      ({ claims }) => {
        claims.aud = 'https://example.com';
      },
    ],
    [
      'another tenant as audience',
      700023,
      ({ claims }) => {
        claims.aud = `https://login.microsoftonline.com/${randomUUID()}/oauth2/v2.0/token`;
      },
    ],
    [
      'no audience',
      700023,
      ({ claims }) => {
        delete claims.aud;
      },
    ],
    [
      'another application',
      700021,
      ({ claims }) => {
        claims.iss = claims.sub = randomUUID();
      },
    ],
    [
      'another subject',
      700021,
      ({ claims }) => {
        claims.sub = 'me';
      },
    ],
  ])('with %s is refused with AADSTS%i', async (_what, code, change) => {
    const one = good();
    change(one);
    expect(await outcome(withAssertion(await sign(one)))).toEqual([401, 'invalid_client', code]);
  });

  test.each([
    ['no JWT', () => 'hello'],
    ['an empty one', () => '..'],
    ['a JWT of a number', () => `e30.${Buffer.from('7').toString('base64url')}.x`],
    ['an issuer that is a number', () => `e30.${Buffer.from('{"iss":7}').toString('base64url')}.x`],
    ['a key that is a number', () => `${Buffer.from('{"kid":7}').toString('base64url')}.e30.x`],
  ])('%s is refused with AADSTS50027', async (_what, make) => {
    expect(await outcome(withAssertion(make()))).toEqual([400, 'invalid_request', 50027]);
  });

  test('without a signature is refused', async () => {
    const { claims, header } = good();
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const assertion = `${part({ ...header, alg: 'none' })}.${part(claims)}.`;
    expect(await outcome(withAssertion(assertion))).toEqual([401, 'invalid_client', 700027]);
  });

  test('that has run out, or has been replaced, is refused', async () => {
    await at.clock.advance(24 * hour);
    const expired = await withAssertion(await sign(good()));
    expect(expired.body.error_description).toMatch(
      /^AADSTS700027: .*\[Reason - The key used is expired\., Thumbprint of key used by client: '[0-9A-F]{40}', Found key 'Start=11\/22\/2026 23:00:00/,
    );
    at.directory.credentials.setCertificates(ownerId, []);
    expect((await withAssertion(await sign(good()))).body.error_description).toContain(
      'The key was not found.',
    );
  });
});

describe('a federated credential', () => {
  const subject = 'repo:octo/app:ref:refs/heads/main';
  const audience = 'api://AzureADTokenExchange';
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let issuer: HttpServer;
  /** What the issuer's pages answer with. */
  let pages: Record<string, unknown>;

  beforeAll(async () => {
    issuer = await startHttpServer((request, response) => {
      const body = pages[request.url!];
      response
        .writeHead(body === undefined ? 404 : 200)
        .end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  afterAll(() => issuer.close());
  beforeEach(async () => {
    pages = {
      '/.well-known/openid-configuration': { issuer: issuer.origin, jwks_uri: `${issuer.origin}/jwks` },
      '/jwks': { keys: [{ ...(await exportJWK(publicKey)), kid: 'one' }] },
    };
    const trust = { name: 'ci', issuer: issuer.origin, subject, audiences: [audience] };
    at.directory.federatedCredentials.put(ownerId, trust);
  });

  const assert = (change: Record<string, unknown> = {}, header: { kid?: string } = {}, key = privateKey) => {
    const seconds = at.clock.now() / 1000;
    const claims = { iss: issuer.origin, sub: subject, aud: audience, exp: seconds + 600, ...change };
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one', ...header }).sign(key);
  };

  test('signs in who the issuer says that it is', async () => {
    expect(await outcome(withAssertion(await assert()))).toBe('token');
  });

  test.each<[string, number, Record<string, unknown>]>([
    ['another issuer', 700211, { iss: 'https://token.actions.githubusercontent.com' }],
    ['another subject', 700213, { sub: 'repo:octo/other:ref:refs/heads/main' }],
    ['a subject in another case', 700213, { sub: subject.toUpperCase() }],
    ['another audience', 700212, { aud: 'https://management.azure.com' }],
    ['no audience', 700212, { aud: undefined }],
    ['an expiry that is past', 700024, { exp: 1 }],
    ['no expiry', 700024, { exp: undefined }],
    ['an expiry beyond all dates', 700024, { exp: 1e300, nbf: 4e9 }],
    ['a start that is to come', 700024, { nbf: 4e9 }],
  ])('with %s is refused with AADSTS%i', async (_what, code, change) => {
    expect(await outcome(withAssertion(await assert(change)))).toEqual([401, 'invalid_client', code]);
  });

  test('with a key that the issuer does not have is refused', async () => {
    const unknown = await withAssertion(await assert({}, { kid: 'two' }));
    expect([unknown.status, unknown.body.error_codes]).toEqual([401, [7000272]]);
    const { privateKey: stolen } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const forged = await withAssertion(await assert({}, {}, stolen));
    expect([forged.status, forged.body.error_codes]).toEqual([400, [50027]]);
  });

  test.each<[string, () => void]>([
    [
      'does not answer',
      () => {
        pages = {};
      },
    ],
    [
      'answers with no JSON',
      () => {
        pages['/jwks'] = 'hello';
      },
    ],
    [
      'publishes no keys',
      () => {
        pages['/jwks'] = { keys: 'none' };
      },
    ],
    [
      'publishes a key that is none',
      () => {
        pages['/jwks'] = { keys: [{ kty: 'EC', crv: 'P-256', x: '!', y: '!', kid: 'one' }] };
      },
    ],
    [
      'calls itself otherwise',
      () => {
        pages['/.well-known/openid-configuration'] = {
          issuer: 'https://x',
          jwks_uri: `${issuer.origin}/jwks`,
        };
      },
    ],
  ])('whose issuer %s is refused with AADSTS501661', async (_what, change) => {
    change();
    expect(await outcome(withAssertion(await assert()))).toEqual([400, 'invalid_request', 501661]);
  });

  test('is needed at all', async () => {
    at.directory.federatedCredentials.delete(ownerId, 'ci');
    expect(await outcome(withAssertion(await assert()))).toEqual([401, 'invalid_client', 70025]);
  });

  test('of a user-assigned identity signs in as it, which has no other way', async () => {
    const identity = at.entra.principals.createManagedIdentity('puller', '/subscriptions/s/x');
    at.directory.federatedCredentials.put(identity.id, {
      ...{ name: 'ci', issuer: issuer.origin, subject, audiences: [audience] },
    });
    const client_id = identity.appId;
    expect(await outcome(withAssertion(await assert(), { client_id }))).toBe('token');
    expect(await outcome(signIn({ client_secret: 'guess', client_id }))).toEqual([
      400,
      'unauthorized_client',
      700016,
    ]);
  });

  test('trusts a managed identity of this tenant, by a token that is good for nothing else', async () => {
    const identity = at.entra.principals.createManagedIdentity('runner', '/subscriptions/s/x');
    at.directory.federatedCredentials.put(ownerId, {
      name: 'runner',
      issuer: `https://login.microsoftonline.com/${at.entra.tenantId}/v2.0`,
      subject: identity.id,
      audiences: [audience],
    });
    const { token } = await at.entra.issueToken(identity.id, audience);
    expect(await outcome(withAssertion(token))).toBe('token');
    await expect(at.entra.verifyToken(token, [audience])).rejects.toMatchObject({ fault: 'malformed' });
    const { token: forArm } = await at.entra.issueToken(identity.id, arm);
    expect(await outcome(withAssertion(forArm))).toEqual([401, 'invalid_client', 700211]);
  });
});
