import { EntraError } from './entra-error.ts';

// Source: learn.microsoft.com/entra/identity-platform/reference-error-codes and v2-oauth2-device-code.

export const userNotFound = (name: string, tenant: string) =>
  new EntraError(
    400,
    'invalid_grant',
    50034,
    `The user account ${name} does not exist in the ${tenant} directory. To sign into this application, the account ` +
      'must be added to the directory.',
  );

export const wrongPassword = () =>
  new EntraError(
    400,
    'invalid_grant',
    50126,
    'Error validating credentials due to invalid username or password.',
  );

export const userDisabled = () =>
  new EntraError(400, 'invalid_grant', 50057, 'The user account is disabled.');

export const authorizationPending = () =>
  new EntraError(
    400,
    'authorization_pending',
    70016,
    'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  );

export const authorizationDeclined = () =>
  new EntraError(400, 'authorization_declined', 70018, 'The end user declined to authorize the device.');

export const badVerificationCode = () =>
  new EntraError(
    400,
    'bad_verification_code',
    70018,
    'Invalid verification code due to User typing in wrong user code for device code flow.',
  );

export const expiredVerificationCode = () =>
  new EntraError(400, 'expired_token', 70019, 'Verification code expired. Have the user retry the sign-in.');

export const malformedGrant = () =>
  new EntraError(400, 'invalid_grant', 70000, 'Provided grant is invalid or malformed.');

export const grantRevoked = () =>
  new EntraError(
    400,
    'invalid_grant',
    50173,
    'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have ' +
      'changed or reset their password.',
  );

export const inactiveRefreshToken = (days: number) =>
  new EntraError(
    400,
    'invalid_grant',
    700082,
    `The refresh token has expired due to inactivity. It was inactive for ${days}.00:00:00.`,
  );
