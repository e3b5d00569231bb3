import { parseBasic } from '../../basic-auth.ts';
import { missingSecret, unsupportedAssertionType } from './client-errors.ts';
import { malformedRequest, missingParameter, unsupportedGrantType } from './entra-error.ts';
import { type DelegatedScope, parseDelegatedScope, resourceOfScope } from './scope.ts';

/** What a token is asked for with, once the request is well formed. */
export type TokenRequest =
  | {
      grant: 'client credentials';
      clientId: string;
      proof: ClientProof;
      /** The resource's name as the client wrote it, which is what `aud` repeats. */
      resource: string;
    }
  | { grant: 'refresh token'; clientId: string; refreshToken: string; scope: DelegatedScope }
  | { grant: 'device code'; clientId: string; deviceCode: string };

/** How an application shows that it is the one. */
export type ClientProof = { secret: string } | { assertion: string };

/** Source: RFC 7523, section 2.2 */
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Reads the form of a token request, or throws the error that Entra answers with.
 * The v2.0 endpoint names the resource by `scope`, the older one by `resource`.
 */
export function parseTokenRequest(
  form: URLSearchParams,
  authorization: string | undefined,
  version: 'v1' | 'v2',
): TokenRequest {
  const required = (name: string) => {
    const value = form.get(name);
    if (!value) throw missingParameter(name);
    return value;
  };
  const grantType = required('grant_type');
  const basic = basicClient(authorization);
  const clientId = () => basic?.clientId ?? required('client_id');

  switch (grantType) {
    case 'client_credentials':
      return {
        grant: 'client credentials',
        clientId: clientId(),
        resource: version === 'v2' ? resourceOfScope(required('scope')) : required('resource'),
        proof: clientProof(form, basic?.secret),
      };
    case 'refresh_token':
      return {
        grant: 'refresh token',
        clientId: clientId(),
        refreshToken: required('refresh_token'),
        scope:
          version === 'v2'
            ? parseDelegatedScope(required('scope'))
            : { resource: required('resource'), wantsIdToken: true, wantsRefreshToken: true },
      };
    case 'urn:ietf:params:oauth:grant-type:device_code':
      return { grant: 'device code', clientId: clientId(), deviceCode: required('device_code') };
    default:
      throw unsupportedGrantType(grantType);
  }
}

function clientProof(form: URLSearchParams, basicSecret: string | undefined): ClientProof {
  const assertion = form.get('client_assertion');
  if (assertion) {
    const type = form.get('client_assertion_type');
    if (type !== jwtBearer) throw unsupportedAssertionType();
    return { assertion };
  }
  const secret = basicSecret ?? form.get('client_secret');
  if (!secret) throw missingSecret();
  return { secret };
}

// Source: RFC 6749, section 2.3.1: both halves are form-encoded.
function basicClient(authorization: string | undefined): { clientId: string; secret: string } | undefined {
  const [scheme, value] = authorization?.split(' ') ?? [];
  if (scheme?.toLowerCase() !== 'basic' || !value) return undefined;
  const basic = parseBasic(value);
  if (!basic?.username) throw malformedRequest();
  const decode = (part: string) => decodeURIComponent(part.replaceAll('+', ' '));
  try {
    return { clientId: decode(basic.username), secret: decode(basic.password) };
  } catch {
    throw malformedRequest();
  }
}
