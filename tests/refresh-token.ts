import type { LocalAzureProcess } from './local-azure.ts';

/**
 * The owner's refresh token for the registry `hoge`, which is what `az acr login --expose-token` shows. The exchange is
 * done by hand, as docs/AAD-OAuth.md of Azure/acr shows it: an Entra token for a refresh token.
 */
export async function refreshToken(azure: LocalAzureProcess): Promise<string> {
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: id, AZURE_CLIENT_SECRET: secret } = azure.env;
  const post = async (url: string, fields: Record<string, string>) => {
    const form = Object.entries(fields).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`]);
    return JSON.parse((await azure.run('curl', ['-sS', url, ...form])).stdout);
  };
  const entra = await post(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, {
    grant_type: 'client_credentials',
    client_id: id!,
    client_secret: secret!,
    scope: 'https://management.azure.com/.default',
  });
  const registry = await post('https://hoge.azurecr.io/oauth2/exchange', {
    grant_type: 'access_token',
    service: 'hoge.azurecr.io',
    access_token: entra.access_token,
  });
  return registry.refresh_token;
}
