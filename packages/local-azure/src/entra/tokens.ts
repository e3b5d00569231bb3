import { createHash, randomBytes } from 'node:crypto';
import { errors, type JWTHeaderParameters, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../clock.ts';
import { graphAudiences, isTokenExchange } from './audiences.ts';
import type { Memberships } from './directory/memberships.ts';
import { type Claims, type ServicePrincipal, TokenRefused, type User } from './entra.ts';
import type { SigningKeys } from './signing-keys.ts';

const minutes = 60;
const hours = 60 * minutes;

/** Seconds. Source: learn.microsoft.com/entra/identity-platform/access-tokens; managed identities get a day. */
const lifetime = { Application: 1 * hours, ManagedIdentity: 24 * hours, User: 75 * minutes };

/** Entra dates a token back by this much, against clocks that differ. */
const backdate = 5 * minutes;

/** More than any laptop's clients use at once; the oldest goes first. */
const cacheSize = 10_000;

export interface SignedToken {
  token: string;
  /** Milliseconds. */
  expiresOn: number;
}

export interface Tokens {
  /** An access token: of a service principal, or of a user who signed in with the program `clientId`. */
  signForApplication(principal: ServicePrincipal, audience: string): Promise<SignedToken>;
  signForUser(user: User, audience: string, clientId: string): Promise<SignedToken>;
  /** What tells a program who the user is. */
  signIdToken(user: User, clientId: string): Promise<string>;
  verify(token: string, audiences: readonly string[]): Promise<Claims>;
}

/** Who signs the tokens of a tenant, as they say themselves. Source: learn.microsoft.com/entra/identity-platform/access-tokens */
export const issuers = (tenantId: string) => ({
  v1: `https://sts.windows.net/${tenantId}/`,
  v2: `https://login.microsoftonline.com/${tenantId}/v2.0`,
});

export interface TokensOptions {
  tenantId: string;
  keys: SigningKeys;
  /** Told of each token, since it is what decides which groups count. */
  memberships: Memberships;
  clock: Clock;
}

/** Signs and verifies the tokens of one tenant: access tokens of version 1.0, as all services here want them. */
export function createTokens({ tenantId, keys, memberships, clock }: TokensOptions): Tokens {
  const issuer = issuers(tenantId);
  // A signature is checked once: what passed is known by its hash until it expires.
  const verified = new Map<string, Claims>();

  function findKey({ kid }: JWTHeaderParameters) {
    const key = keys.published().find((one) => one.kid === kid);
    if (!key) throw new errors.JWKSNoMatchingKey();
    return key.publicKey;
  }

  async function checkSignature(token: string): Promise<Claims> {
    try {
      const { payload } = await jwtVerify(token, findKey, {
        algorithms: ['RS256'],
        issuer: issuer.v1,
        requiredClaims: ['aud', 'oid', 'appid', 'tid', 'iat', 'nbf', 'exp'],
        currentDate: new Date(clock.now()),
      });
      return payload as JWTPayload & Claims;
    } catch (error) {
      throw refusal(error);
    }
  }

  async function read(token: string): Promise<Claims> {
    const hash = createHash('sha256').update(token).digest('base64');
    const known = verified.get(hash);
    if (known) {
      if (known.exp * 1000 > clock.now()) return known;
      verified.delete(hash);
    }
    const claims = await checkSignature(token);
    if (verified.size >= cacheSize) verified.delete(verified.keys().next().value!);
    verified.set(hash, claims);
    return claims;
  }

  /** Adds what all tokens have. Source: learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
  async function sign(principal: ServicePrincipal | User, claims: JWTPayload): Promise<SignedToken> {
    const key = await keys.current();
    memberships.decideForToken(principal);
    const now = Math.floor(clock.now() / 1000);
    const expires = now + lifetime[principal.kind];
    const token = await new SignJWT({
      ...{ iat: now - backdate, nbf: now - backdate, exp: expires },
      aio: randomBytes(24).toString('base64'),
      oid: principal.id,
      sub: principal.id,
      tid: tenantId,
      uti: randomBytes(16).toString('base64url'),
      ...claims,
    })
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', x5t: key.kid, kid: key.kid })
      .sign(key.privateKey);
    return { token, expiresOn: expires * 1000 };
  }

  return {
    signForApplication(principal, audience) {
      const { appId, kind, resourceId } = principal;
      // What is to be exchanged for a token of this tenant comes from its newer issuer.
      if (isTokenExchange(audience))
        return sign(principal, { iss: issuer.v2, aud: audience, azp: appId, idtyp: 'app', ver: '2.0' });
      return sign(principal, {
        aud: audience,
        iss: issuer.v1,
        appid: appId,
        appidacr: kind === 'ManagedIdentity' ? '2' : '1',
        idp: issuer.v1,
        idtyp: 'app',
        ver: '1.0',
        ...(resourceId ? { xms_mirid: resourceId } : {}),
      });
    },

    signForUser: (user, audience, clientId) =>
      sign(user, {
        ...{ aud: audience, iss: issuer.v1, ver: '1.0', idtyp: 'user', acr: '1', amr: ['pwd'] },
        ...{ appid: clientId, appidacr: '0', name: user.displayName },
        ...{ upn: user.userPrincipalName, unique_name: user.userPrincipalName },
        scp: delegatedPermission(audience),
      }),

    async signIdToken(user, clientId) {
      const { userPrincipalName, displayName } = user;
      const claims = { aud: clientId, iss: issuer.v2, ver: '2.0' };
      return (await sign(user, { ...claims, preferred_username: userPrincipalName, name: displayName }))
        .token;
    },

    async verify(token, audiences) {
      const claims = await read(token);
      if (!audiences.includes(claims.aud))
        throw new TokenRefused('audience', `The token is for '${claims.aud}'.`);
      return claims;
    },
  };
}

/** What a program may do in a user's name: all that the user may. */
export const delegatedPermission = (audience: string) =>
  graphAudiences.some((one) => one === audience) ? 'Directory.AccessAsUser.All' : 'user_impersonation';

function refusal(error: unknown): TokenRefused {
  if (error instanceof errors.JWTExpired) return new TokenRefused('expired', 'The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf') return new TokenRefused('not-yet-valid', 'The token is not valid yet.');
    if (error.claim === 'iss') return new TokenRefused('issuer', 'The token is from another issuer.');
    return new TokenRefused('malformed', `The token's claim '${error.claim}' is missing or wrong.`);
  }
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JWKSNoMatchingKey
  )
    return new TokenRefused('signature', "The token's signature is not this tenant's.");
  if (error instanceof errors.JOSEError)
    return new TokenRefused('malformed', 'The token is not a valid JWT.');
  throw error;
}
