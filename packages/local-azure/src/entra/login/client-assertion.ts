import type { KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { ServicePrincipal } from '../entra.ts';
import { assertionOutOfTime, malformedAssertion } from './client-errors.ts';

/** What is read of an assertion before it is believed. */
const headerSchema = z.object({
  kid: z.string().optional(),
  x5t: z.string().optional(),
  'x5t#S256': z.string().optional(),
});
const claimsSchema = z.object({
  iss: z.string().default(''),
  sub: z.string().default(''),
  aud: z.union([z.string(), z.array(z.string())]).default([]),
  nbf: z.number().optional(),
  exp: z.number().optional(),
});

/** A signed statement by which an application shows who it is. Source: RFC 7523 */
export interface ClientAssertion {
  text: string;
  header: z.infer<typeof headerSchema>;
  claims: z.infer<typeof claimsSchema>;
  audiences: string[];
}

/** Reads an assertion, which is not to be believed yet. Throws when it is none. */
export function readAssertion(text: string): ClientAssertion {
  try {
    const header = headerSchema.parse(decodeProtectedHeader(text));
    const claims = claimsSchema.parse(decodeJwt(text));
    return { text, header, claims, audiences: [claims.aud].flat() };
  } catch {
    throw malformedAssertion();
  }
}

/** Whether the application says itself who it is, or another issuer says so. */
export const isSelfIssued = ({ claims }: ClientAssertion, { appId }: ServicePrincipal): boolean =>
  claims.iss.toLowerCase() === appId || claims.iss === claims.sub;

/** Seconds that clocks may differ. MSAL for Node rounds the time from which an assertion holds, which may be up. */
const clockSkew = 5 * 60;

/** Checks time and signature. Throws when it is not the time; returns why the signature does not hold. */
export async function verifyAssertion(
  { text, claims }: ClientAssertion,
  key: KeyObject | JWTVerifyGetKey,
  { algorithms, now }: { algorithms: string[]; now: number },
): Promise<errors.JOSEError | undefined> {
  const options = {
    ...{ algorithms, requiredClaims: ['exp'] },
    ...{ currentDate: new Date(now), clockTolerance: clockSkew },
  };
  try {
    await (typeof key === 'function' ? jwtVerify(text, key, options) : jwtVerify(text, key, options));
    return undefined;
  } catch (error) {
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed)
      throw assertionOutOfTime(now, claims.nbf, claims.exp);
    if (error instanceof errors.JOSEError) return error;
    throw error;
  }
}
