import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import type { FederatedCredential, ServicePrincipal } from '../entra.ts';
import { type ClientAssertion, clockSkew } from './client-assertion.ts';
import {
  assertionOutOfTime,
  federatedCredentialUnmatched,
  federatedKeyNotFound,
  malformedAssertion,
  noFederatedCredential,
} from './client-errors.ts';

/** Gives the public keys of an issuer. */
export type IssuerKeys = (issuer: string) => Promise<JSONWebKeySet>;

/**
 * Checks an assertion that another issuer signed: that the application trusts this issuer with this subject, and that
 * it is really the issuer's. Source: learn.microsoft.com/entra/workload-id/workload-identity-federation
 */
export async function checkFederatedAssertion(
  { text, header, claims, audiences }: ClientAssertion,
  { appId, displayName }: ServicePrincipal,
  credentials: readonly FederatedCredential[],
  { issuerKeys, now }: { issuerKeys: IssuerKeys; now: number },
): Promise<void> {
  const { iss: issuer = '', sub: subject = '' } = claims;
  if (credentials.length === 0) throw noFederatedCredential(appId, displayName);
  // The case counts: learn.microsoft.com/entra/identity-platform/reference-breaking-changes, "case-sensitive matching"
  const ofIssuer = credentials.filter((one) => one.issuer === issuer);
  if (ofIssuer.length === 0) throw federatedCredentialUnmatched('issuer', issuer);
  const ofSubject = ofIssuer.filter((one) => one.subject === subject);
  if (ofSubject.length === 0) throw federatedCredentialUnmatched('subject', subject);
  if (!ofSubject.some((one) => one.audiences.some((audience) => audiences.includes(audience))))
    throw federatedCredentialUnmatched('audience', audiences.join(','));

  const keys = createLocalJWKSet(await issuerKeys(issuer));
  try {
    await jwtVerify(text, keys, {
      // Whatever is asymmetric: the issuer publishes no other keys.
      algorithms: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'],
      requiredClaims: ['exp'],
      currentDate: new Date(now),
      clockTolerance: clockSkew,
    });
  } catch (error) {
    const isTime = error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed;
    if (isTime) throw assertionOutOfTime(now, claims.nbf, claims.exp);
    if (error instanceof errors.JWKSNoMatchingKey) throw federatedKeyNotFound(header.kid ?? '', issuer);
    if (error instanceof errors.JOSEError) throw malformedAssertion();
    throw error;
  }
}
