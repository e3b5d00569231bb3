import type { TokenCredential } from '@azure/identity';
import { resourceManagerScope } from './resource-manager.ts';

/** Who is signed in, as the token for Resource Manager says: `oid` of the directory `tid`. */
export async function signedIn(credential: TokenCredential): Promise<{ oid: string; tid: string }> {
  const access = await credential.getToken(resourceManagerScope);
  const payload = access?.token.split('.')[1] ?? '';
  const { oid, tid } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return { oid, tid };
}
