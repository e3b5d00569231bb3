import { decodeJwt } from 'jose';
import { managementAudiences } from '../entra/audiences.ts';
import { type Claims, type Entra, type TokenFault, TokenRefused } from '../entra/entra.ts';
import { AzureError } from './azure-error.ts';

/** The claims of the request's bearer token, or Azure's refusal with the challenge that names the tenant. */
export async function authenticate(entra: Entra, header: string | undefined, now: number): Promise<Claims> {
  const authority = `https://login.windows.net/${entra.tenantId}`;
  const refuse = (code: string, message: string, description = message) =>
    new AzureError(401, code, message, {
      'www-authenticate':
        `Bearer authorization_uri="${authority}", error="invalid_token", ` +
        `error_description="${toQuotable(description)}"`,
    });

  if (!header) {
    throw refuse(
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
      "The authentication failed because of missing 'Authorization' header.",
    );
  }
  const token = /^bearer +([^\s]+)$/i.exec(header.trim())?.[1];
  if (!token) {
    throw refuse(
      'AuthenticationFailedInvalidHeader',
      "Authentication failed. The 'Authorization' header is provided in an invalid format.",
    );
  }
  try {
    return await entra.verifyToken(token, managementAudiences);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    const { code, message } = explain(error.fault, token, entra.tenantId, authority, now);
    throw refuse(code, message);
  }
}

/** A token's own text is in the description, and a header takes neither quotes nor what is not ASCII. */
const toQuotable = (text: string) => text.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, '?');

function explain(fault: TokenFault, token: string, tenantId: string, authority: string, now: number) {
  // Unverified, and used for nothing but the wording of the refusal.
  const claims = fault === 'malformed' || fault === 'signature' ? {} : decodeJwt(token);
  switch (fault) {
    case 'audience':
      return {
        code: 'InvalidAuthenticationTokenAudience',
        message:
          `The access token has been obtained for wrong audience or resource '${claims.aud}'. It should exactly match ` +
          `with one of the allowed audiences ${managementAudiences.map((audience) => `'${audience}'`).join(',')}.`,
      };
    case 'issuer':
      return {
        code: 'InvalidAuthenticationTokenTenant',
        message:
          `The access token is from the wrong issuer '${claims.iss}'. It must match the tenant ` +
          `'https://sts.windows.net/${tenantId}/' associated with this subscription. Please use the authority (URL) ` +
          `'${authority}' to get the token.`,
      };
    case 'expired':
      return {
        code: 'ExpiredAuthenticationToken',
        message:
          `The access token expiry UTC time '${usTime((claims.exp ?? 0) * 1000)}' is earlier than current UTC time ` +
          `'${usTime(now)}'.`,
      };
    case 'not-yet-valid':
      return {
        code: 'InvalidAuthenticationToken',
        message:
          `The access token is not valid before UTC time '${usTime((claims.nbf ?? 0) * 1000)}', which is later than ` +
          `current UTC time '${usTime(now)}'.`,
      };
    default:
      return { code: 'InvalidAuthenticationToken', message: 'The access token is invalid.' };
  }
}

/** As Azure's messages write a time: `1/18/2023 5:10:42 PM`. */
function usTime(milliseconds: number): string {
  const text = new Date(milliseconds).toLocaleString('en-US', { timeZone: 'UTC' });
  return text.replace(',', '').replaceAll('\u202f', ' ');
}
