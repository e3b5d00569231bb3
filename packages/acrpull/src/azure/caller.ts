import type { TokenCredential } from '@azure/identity';
import { resourceManagerScope } from './resource-manager.ts';

/**
 * The object ids that the caller goes by: its own, and those of its groups where the token names them. Source:
 * learn.microsoft.com/entra/identity-platform/access-token-claims-reference, "oid", "groups"
 */
export async function callerIds(credential: TokenCredential): Promise<string[]> {
  const token = await credential.getToken(resourceManagerScope);
  try {
    const payload = Buffer.from(token?.token.split('.')[1] ?? '', 'base64url').toString();
    const { oid, groups } = JSON.parse(payload) as { oid?: string; groups?: string[] };
    return [...(oid ? [oid] : []), ...(Array.isArray(groups) ? groups : [])];
  } catch {
    return []; // A token is for Azure to read, and need not be one that can be read here.
  }
}
