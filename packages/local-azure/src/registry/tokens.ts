import { randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { SigningKey } from '../store/signing-key.ts';
import { allPermissions, type Permission, type Scope } from './permissions.ts';

/** The registry's own tokens. Claims: Azure/acr docs/AAD-OAuth.md, "token claim sets". */
export interface Tokens {
  issueRefresh(audience: string, holder: RefreshHolder): Promise<string>;
  /** `notAfter` (ms) shortens the life of a token that was made from another access token. */
  issueAccess(audience: string, subject: string, access: Scope[], notAfter?: number): Promise<string>;
  /** Undefined when the signature, the audience, the time or the form is not right. */
  verify(audience: string, token: string): Promise<VerifiedToken | undefined>;
}

export interface RefreshHolder {
  subject: string;
  tenant: string;
  permissions: Permission[];
}

export type VerifiedToken =
  | { kind: 'refresh'; subject: string; permissions: Permission[] }
  | { kind: 'access'; subject: string; access: Scope[]; expiresOn: number };

const issuer = 'Azure Container Registry';
const refreshSeconds = 3 * 60 * 60;
const accessSeconds = 75 * 60;

const scope = z.object({ type: z.string(), name: z.string(), actions: z.array(z.string()) });
const claims = z.discriminatedUnion('grant_type', [
  z.object({
    grant_type: z.literal('refresh_token'),
    sub: z.string(),
    permissions: z.object({ actions: z.array(z.enum(allPermissions as [Permission, ...Permission[]])) }),
  }),
  z.object({
    grant_type: z.literal('access_token'),
    sub: z.string(),
    exp: z.number(),
    access: z.array(scope),
  }),
]);

export function createTokens({ kid, privateKey, publicKey }: SigningKey, clock: Clock): Tokens {
  const seconds = () => Math.floor(clock.now() / 1000);

  const sign = (audience: string, subject: string, expiresOn: number, payload: Record<string, unknown>) =>
    new SignJWT({ version: '1.0', roles: [], ...payload })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .setJti(randomUUID())
      .setSubject(subject)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(seconds())
      .setNotBefore(seconds())
      .setExpirationTime(expiresOn)
      .sign(privateKey);

  return {
    issueRefresh: (audience, { subject, tenant, permissions }) =>
      sign(audience, subject, seconds() + refreshSeconds, {
        grant_type: 'refresh_token',
        tenant,
        permissions: { actions: permissions, notActions: [] },
      }),

    issueAccess: (audience, subject, access, notAfter = Number.POSITIVE_INFINITY) =>
      sign(audience, subject, Math.min(seconds() + accessSeconds, Math.floor(notAfter / 1000)), {
        grant_type: 'access_token',
        access,
      }),

    async verify(audience, token) {
      const options = { algorithms: ['RS256'], issuer, audience, currentDate: new Date(clock.now()) };
      const payload = await jwtVerify(token, publicKey, options).then(
        (verified) => claims.safeParse(verified.payload).data,
        () => undefined,
      );
      if (!payload) return undefined;
      return payload.grant_type === 'refresh_token'
        ? { kind: 'refresh', subject: payload.sub, permissions: payload.permissions.actions }
        : { kind: 'access', subject: payload.sub, access: payload.access, expiresOn: payload.exp * 1000 };
    },
  };
}
