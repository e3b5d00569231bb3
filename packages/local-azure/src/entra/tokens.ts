import { createHash, randomBytes } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../clock.ts';
import type { SigningKey } from '../store/signing-key.ts';
import { type Claims, type Principal, TokenRefused } from './entra.ts';

const minutes = 60;
const hours = 60 * minutes;

/** Seconds. Source: learn.microsoft.com/entra/identity-platform/access-tokens; managed identities get a day. */
const lifetime = { Application: 1 * hours, ManagedIdentity: 24 * hours };

/** Entra dates a token back by this much, against clocks that differ. */
const backdate = 5 * minutes;

/** More than any laptop's clients use at once; the oldest goes first. */
const cacheSize = 10_000;

export interface Tokens {
  sign(principal: Principal, audience: string): Promise<{ token: string; expiresOn: number }>;
  verify(token: string, audiences: readonly string[]): Promise<Claims>;
}

/** Signs and verifies v1.0 access tokens of one tenant. */
export function createTokens(tenantId: string, key: SigningKey, clock: Clock): Tokens {
  const issuer = `https://sts.windows.net/${tenantId}/`;
  // A signature is checked once: what passed is known by its hash until it expires.
  const verified = new Map<string, Claims>();

  async function checkSignature(token: string): Promise<Claims> {
    try {
      const { payload } = await jwtVerify(token, key.publicKey, {
        algorithms: ['RS256'],
        issuer,
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

  return {
    async sign(principal, audience) {
      const now = Math.floor(clock.now() / 1000);
      const expires = now + lifetime[principal.kind];
      const managed = principal.kind === 'ManagedIdentity';
      // Source: learn.microsoft.com/entra/identity-platform/access-token-claims-reference
      const token = await new SignJWT({
        aud: audience,
        iss: issuer,
        iat: now - backdate,
        nbf: now - backdate,
        exp: expires,
        aio: randomBytes(24).toString('base64'),
        appid: principal.appId,
        appidacr: managed ? '2' : '1',
        idp: issuer,
        idtyp: 'app',
        oid: principal.id,
        sub: principal.id,
        tid: tenantId,
        uti: randomBytes(16).toString('base64url'),
        ver: '1.0',
        ...(managed && principal.resourceId ? { xms_mirid: principal.resourceId } : {}),
      })
        .setProtectedHeader({ typ: 'JWT', alg: 'RS256', x5t: key.kid, kid: key.kid })
        .sign(key.privateKey);
      return { token, expiresOn: expires * 1000 };
    },

    async verify(token, audiences) {
      const claims = await read(token);
      if (!audiences.includes(claims.aud))
        throw new TokenRefused('audience', `The token is for '${claims.aud}'.`);
      return claims;
    },
  };
}

function refusal(error: unknown): TokenRefused {
  if (error instanceof errors.JWTExpired) return new TokenRefused('expired', 'The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf') return new TokenRefused('not-yet-valid', 'The token is not valid yet.');
    if (error.claim === 'iss') return new TokenRefused('issuer', 'The token is from another issuer.');
    return new TokenRefused('malformed', `The token's claim '${error.claim}' is missing or wrong.`);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed)
    return new TokenRefused('signature', "The token's signature is not this tenant's.");
  if (error instanceof errors.JOSEError)
    return new TokenRefused('malformed', 'The token is not a valid JWT.');
  throw error;
}
