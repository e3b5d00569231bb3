import { EntraError } from './entra-error.ts';

// Source: learn.microsoft.com/entra/identity-platform/reference-error-codes, and the bodies that people report.

export const applicationNotFound = (clientId: string, tenant: string) =>
  new EntraError(
    400,
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if ` +
      'the application has not been installed by the administrator of the tenant or consented to by any user ' +
      'in the tenant. You may have sent your authentication request to the wrong tenant.',
  );

export const invalidSecret = (clientId: string) =>
  new EntraError(
    401,
    'invalid_client',
    7000215,
    'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, ' +
      `not the client secret ID, for a secret added to app '${clientId}'.`,
  );

export const expiredSecret = (clientId: string) =>
  new EntraError(
    401,
    'invalid_client',
    7000222,
    `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new ` +
      'keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added ' +
      'security: https://aka.ms/certCreds.',
  );

export const missingSecret = () =>
  new EntraError(
    401,
    'invalid_client',
    7000216,
    "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
  );

export const applicationDisabled = (clientId: string, name: string) =>
  new EntraError(401, 'unauthorized_client', 7000112, `Application '${clientId}'(${name}) is disabled.`);

/** A program that has no secret cannot be one that must have one. */
export const clientMustAuthenticate = () =>
  new EntraError(
    401,
    'invalid_client',
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  );

export const unsupportedAssertionType = () =>
  new EntraError(
    400,
    'invalid_request',
    900144,
    "The request body must contain the following parameter: 'client_assertion_type' with the value " +
      "'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'.",
  );

export const malformedAssertion = () =>
  new EntraError(400, 'invalid_request', 50027, 'JWT token is invalid or malformed.');

export const assertionOfAnotherClient = () =>
  new EntraError(
    401,
    'invalid_client',
    700021,
    "Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation at " +
      'https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials .',
  );

export const assertionForAnotherAudience = () =>
  new EntraError(
    401,
    'invalid_client',
    700023,
    'Client assertion audience claim does not match Realm issuer. Review the documentation at ' +
      'https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials .',
  );

/** Seconds, or undefined where the assertion does not say. */
export const assertionOutOfTime = (now: number, from: number | undefined, until: number | undefined) => {
  const time = (seconds: number) => {
    const date = new Date(seconds * 1000);
    return Number.isNaN(date.getTime()) ? `${seconds}` : date.toISOString().replace(/Z$/, '0000Z');
  };
  return new EntraError(
    401,
    'invalid_client',
    700024,
    `Client assertion is not within its valid time range. Current time: ${time(now / 1000)}, assertion valid from ` +
      `${time(from ?? 0)}, expiry time of assertion ${time(until ?? 0)}. Review the documentation at ` +
      'https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials .',
  );
};

export const assertionSignatureRefused = (reason: string, thumbprint: string, found?: string) =>
  new EntraError(
    401,
    'invalid_client',
    700027,
    'Client assertion failed signature validation. ' +
      `[Reason - ${reason}, Thumbprint of key used by client: '${thumbprint}'${found ? `, Found key '${found}'` : ''}]`,
  );

export const noFederatedCredential = (clientId: string, name: string) =>
  new EntraError(
    401,
    'invalid_client',
    70025,
    `The client '${clientId}'(${name}) has no configured federated identity credentials.`,
  );

const unmatched = { issuer: 700211, audience: 700212, subject: 700213 };

/** Source: Azure/azure-workload-identity issue 1200 */
export const federatedCredentialUnmatched = (claim: keyof typeof unmatched, value: string) =>
  new EntraError(
    401,
    'invalid_client',
    unmatched[claim],
    `No matching federated identity record found for presented assertion ${claim} '${value}'. Please check your ` +
      'federated identity credential Subject, Audience and Issuer against the presented assertion. ' +
      'https://docs.microsoft.com/en-us/azure/active-directory/develop/workload-identity-federation',
  );

/** Source: Azure/azure-workload-identity issue 1232 */
export const federatedKeyNotFound = (kid: string, issuer: string) =>
  new EntraError(
    401,
    'invalid_client',
    7000272,
    `The certificate with identifier ${kid} used to sign the federated credential could not be found in the metadata ` +
      `of identity provider ${issuer}. Please validate that your Identity Provider's metadata exposes the key used to ` +
      'sign the incoming token.',
  );

/** Source: Azure/login issue 283. Why it failed is ours to tell: it happened on the user's own machine. */
export const issuerUnreachable = (reason: string) =>
  new EntraError(
    400,
    'invalid_request',
    501661,
    `Request to External OIDC endpoint failed. (local-azure: ${reason})`,
  );
