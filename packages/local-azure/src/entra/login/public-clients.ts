import type { Directory } from '../directory/directory.ts';
import { applicationNotFound, clientMustAuthenticate } from './client-errors.ts';

/**
 * The programs that sign in users, in every tenant, and have no secret: anybody may claim to be one of them, and the
 * user decides. Source: azure-cli core/auth/constants.py; the Azure SDKs use the same.
 */
const names: Record<string, string> = {
  '04b07795-8ddb-461a-bbee-02f9e1bf7b46': 'Microsoft Azure CLI',
};

export const publicClientName = (clientId: string): string | undefined => names[clientId.toLowerCase()];

/** Throws unless the program is one of them. */
export function requirePublicClient(
  clientId: string,
  { tenantId, directory }: { tenantId: string; directory: Directory },
): void {
  if (publicClientName(clientId)) return;
  throw directory.getByAppId(clientId) ? clientMustAuthenticate() : applicationNotFound(clientId, tenantId);
}
