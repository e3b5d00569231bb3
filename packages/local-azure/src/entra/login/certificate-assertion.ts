import type { X509Certificate } from 'node:crypto';
import { type ClientCertificate, parseCertificate } from '../directory/credentials.ts';
import type { ServicePrincipal } from '../entra.ts';
import { type ClientAssertion, verifyAssertion } from './client-assertion.ts';
import {
  assertionForAnotherAudience,
  assertionOfAnotherClient,
  assertionSignatureRefused,
} from './client-errors.ts';

/**
 * Checks an assertion that the application signed itself, with the key of one of its certificates. It may be used
 * again while it holds: MSAL does so. Source: learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export async function checkCertificateAssertion(
  assertion: ClientAssertion,
  { appId }: ServicePrincipal,
  certificates: readonly ClientCertificate[],
  { tenantId, now }: { tenantId: string; now: number },
): Promise<void> {
  const { header, claims, audiences } = assertion;
  if (claims.iss.toLowerCase() !== appId || claims.sub.toLowerCase() !== appId)
    throw assertionOfAnotherClient();
  const thumbprint = thumbprintOf(header);
  const found = certificates
    .map((one) => ({ ...one, x509: parseCertificate(one.certificate)! }))
    .find(({ x509 }) => thumbprints(x509).includes(thumbprint));
  if (!found) throw assertionSignatureRefused('The key was not found.', thumbprint);

  const held = `Start=${usTime(found.startsOn)}, End=${usTime(found.endsOn)}`;
  if (found.endsOn <= now) throw assertionSignatureRefused('The key used is expired.', thumbprint, held);
  if (found.startsOn > now)
    throw assertionSignatureRefused('The key used is not valid yet.', thumbprint, held);
  if (await verifyAssertion(assertion, found.x509.publicKey, { algorithms: ['RS256', 'PS256'], now })) {
    const reason = 'Key was found, but use of the key to verify the signature failed.';
    throw assertionSignatureRefused(reason, thumbprint, held);
  }
  if (!audiences.some((audience) => isTokenEndpoint(audience, tenantId))) throw assertionForAnotherAudience();
}

/** As hexadecimal digits, from whichever part of the header says it. */
function thumbprintOf(header: ClientAssertion['header']): string {
  const hash = header['x5t#S256'] ?? header.x5t;
  const text = hash === undefined ? (header.kid ?? '') : Buffer.from(hash, 'base64url').toString('hex');
  return text.toUpperCase();
}

const thumbprints = ({ fingerprint, fingerprint256 }: X509Certificate) =>
  [fingerprint, fingerprint256].map((text) => text.replaceAll(':', ''));

/** The tenant's token endpoints and its name as an issuer. */
const isTokenEndpoint = (audience: string, tenantId: string) =>
  [`${tenantId}/oauth2/v2.0/token`, `${tenantId}/oauth2/token`, `${tenantId}/v2.0`, `${tenantId}/`].some(
    (path) => audience.toLowerCase() === `https://login.microsoftonline.com/${path}`,
  );

/** `02/07/2021 17:00:39` */
const usTime = (milliseconds: number) => {
  const [date, time] = new Date(milliseconds).toISOString().split(/[T.]/);
  const [year, month, day] = date!.split('-');
  return `${month}/${day}/${year} ${time}`;
};
