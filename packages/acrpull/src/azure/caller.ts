import type { TokenCredential } from '@azure/identity';
import { resourceManagerScope } from './resource-manager.ts';

/** Who is signed in: `oid` of the directory `tid`. Empty where the token does not tell. */
export async function signedIn(credential: TokenCredential): Promise<{ oid?: string; tid?: string }> {
  const { oid, tid } = await readClaims(credential);
  return { ...(oid && { oid }), ...(tid && { tid }) };
}

/** The object ids that the caller goes by: its own, and those of its groups where the token names them. */
export async function callerIds(credential: TokenCredential): Promise<string[]> {
  const { oid, groups } = await readClaims(credential);
  return [...(oid ? [oid] : []), ...(Array.isArray(groups) ? groups : [])];
}

/** Source: learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
interface Claims {
  oid?: string;
  tid?: string;
  groups?: string[];
}

async function readClaims(credential: TokenCredential): Promise<Claims> {
  const access = await credential.getToken(resourceManagerScope);
  try {
    return JSON.parse(Buffer.from(access?.token.split('.')[1] ?? '', 'base64url').toString());
  } catch {
    return {}; // A token is for Azure to read, and need not be one that can be read here.
  }
}
