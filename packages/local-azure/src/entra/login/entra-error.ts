import { randomUUID } from 'node:crypto';
import { ExpectedError } from '../../expected-error.ts';

/** A refusal by Entra ID. Handlers throw it; {@link entraErrorBody} writes it. */
export class EntraError extends ExpectedError {
  readonly status: number;
  /** The OAuth error, such as `invalid_client`. */
  readonly error: string;
  /** The number after AADSTS. */
  readonly code: number;
  constructor(status: number, error: string, code: number, message: string) {
    super(message);
    this.status = status;
    this.error = error;
    this.code = code;
  }
}

// Source: learn.microsoft.com/entra/identity-platform/reference-error-codes, and the bodies that people report.
export const missingParameter = (name: string) =>
  new EntraError(
    400,
    'invalid_request',
    900144,
    `The request body must contain the following parameter: '${name}'.`,
  );

export const malformedRequest = () =>
  new EntraError(400, 'invalid_request', 9002313, 'Invalid request. Request is malformed or invalid.');

export const unsupportedGrantType = (grantType: string) =>
  new EntraError(
    400,
    'unsupported_grant_type',
    70003,
    `The app requested an unsupported grant type '${grantType}'.`,
  );

export const tenantNotFound = (tenant: string) =>
  new EntraError(
    400,
    'invalid_tenant',
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the ` +
      'correct cloud. Check with your subscription administrator, this may happen if there are no active ' +
      'subscriptions for the tenant.',
  );

export const malformedTenant = (tenant: string) =>
  new EntraError(
    400,
    'invalid_request',
    900023,
    `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
  );

export const noTenant = () =>
  new EntraError(
    400,
    'invalid_request',
    50059,
    'No tenant-identifying information found in either the request or implied by any provided credentials.',
  );

export const resourceNotInTenant = (resource: string, tenant: string) =>
  new EntraError(
    400,
    'invalid_resource',
    500011,
    `The resource principal named ${resource} was not found in the tenant named ${tenant}. This can happen if ` +
      'the application has not been installed by the administrator of the tenant or consented to by any user ' +
      'in the tenant. You might have sent your authentication request to the wrong tenant.',
  );

/** A fault inside. */
export const signInFailed = () =>
  new EntraError(
    500,
    'server_error',
    50000,
    'There was an issue issuing a token or an issue with our sign-in service.',
  );

/** The JSON body of an error, with fresh trace id and the caller's correlation id. */
export function entraErrorBody(error: EntraError, now: number, correlationId: string = randomUUID()) {
  const traceId = randomUUID();
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return {
    error: error.error,
    error_description:
      `AADSTS${error.code}: ${error.message} Trace ID: ${traceId} ` +
      `Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [error.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${error.code}`,
  };
}
