/**
 * The programs that sign in users, in every tenant, and have no secret: anybody may say that he is one of them, and
 * the user decides. Source: azure-cli core/auth/constants.py; the Azure SDKs use the same.
 */
const names: Record<string, string> = {
  '04b07795-8ddb-461a-bbee-02f9e1bf7b46': 'Microsoft Azure CLI',
};

export const publicClientName = (clientId: string): string | undefined => names[clientId.toLowerCase()];
