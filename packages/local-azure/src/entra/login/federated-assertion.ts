import { errors, type JWTVerifyGetKey } from 'jose';
import type { FederatedCredential, ServicePrincipal } from '../entra.ts';
import { type ClientAssertion, verifyAssertion } from './client-assertion.ts';
import {
  federatedCredentialUnmatched,
  federatedKeyNotFound,
  malformedAssertion,
  noFederatedCredential,
} from './client-errors.ts';

/** Whatever is asymmetric: an issuer publishes no other keys. */
const algorithms = ['RS', 'PS', 'ES'].flatMap((kind) => [256, 384, 512].map((bits) => `${kind}${bits}`));

/** Finds the key of an issuer that signed a token, among those that it publishes. */
export type IssuerKeys = (issuer: string) => Promise<JWTVerifyGetKey>;

/**
 * Checks an assertion that another issuer signed: that the application trusts this issuer with this subject, and that
 * it is really the issuer's. Source: learn.microsoft.com/entra/workload-id/workload-identity-federation
 */
export async function checkFederatedAssertion(
  assertion: ClientAssertion,
  { appId, displayName }: ServicePrincipal,
  credentials: readonly FederatedCredential[],
  { issuerKeys, now }: { issuerKeys: IssuerKeys; now: number },
): Promise<void> {
  const { header, audiences } = assertion;
  const { iss: issuer, sub: subject } = assertion.claims;
  if (credentials.length === 0) throw noFederatedCredential(appId, displayName);
  // The case counts: learn.microsoft.com/entra/identity-platform/reference-breaking-changes, "case-sensitive matching"
  const ofIssuer = credentials.filter((one) => one.issuer === issuer);
  if (ofIssuer.length === 0) throw federatedCredentialUnmatched('issuer', issuer);
  const ofSubject = ofIssuer.filter((one) => one.subject === subject);
  if (ofSubject.length === 0) throw federatedCredentialUnmatched('subject', subject);
  if (!ofSubject.some((one) => one.audiences.some((audience) => audiences.includes(audience))))
    throw federatedCredentialUnmatched('audience', audiences.join(','));

  const fault = await verifyAssertion(assertion, await issuerKeys(issuer), { algorithms, now });
  if (fault instanceof errors.JWKSNoMatchingKey) throw federatedKeyNotFound(header.kid ?? '', issuer);
  if (fault) throw malformedAssertion();
}
