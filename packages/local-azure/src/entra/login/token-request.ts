import { parseBasic } from '../../basic-auth.ts';
import { isGuid } from '../../guid.ts';
import {
  malformedRequest,
  malformedScope,
  missingParameter,
  missingSecret,
  scopeWithoutDefault,
  unsupportedGrantType,
} from './entra-error.ts';

/** What a client-credentials request asks for, once it is well formed. */
export interface TokenRequest {
  clientId: string;
  secret: string;
  /** The resource's name as the client wrote it, which is what `aud` repeats. */
  resource: string;
}

const defaultSuffix = '/.default';

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
  if (grantType !== 'client_credentials') throw unsupportedGrantType(grantType);

  const basic = basicClient(authorization);
  const clientId = basic?.clientId ?? required('client_id');
  const resource = version === 'v2' ? resourceOfScope(required('scope')) : required('resource');
  const secret = basic?.secret ?? form.get('client_secret');
  if (!secret) throw missingSecret();
  return { clientId, secret, resource };
}

/**
 * The resource that a scope names: everything before `/.default`, to the letter, so that
 * `https://management.core.windows.net//.default` keeps the slash that belongs to the resource's name.
 * Source: learn.microsoft.com/entra/identity-platform/scopes-oidc, "Trailing slash and .default"
 */
export function resourceOfScope(scope: string): string {
  const [first, ...rest] = scope.split(' ').filter((part) => !reserved.has(part));
  if (first === undefined || rest.length > 0) throw malformedScope(scope);
  const slash = first.lastIndexOf('/');
  const name = first.slice(0, Math.max(slash, 0));
  if (!isGuid(name) && !URL.canParse(name)) throw malformedScope(scope);
  if (!first.endsWith(defaultSuffix)) throw scopeWithoutDefault(first);
  return name;
}

const reserved = new Set(['', 'openid', 'profile', 'offline_access']);

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
