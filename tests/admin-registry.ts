import type { LocalAzureProcess } from './local-azure.ts';
import { armCall } from './resource-manager.ts';

export interface AdminRegistry {
  host: string;
  /** Where it answers over plain HTTP: `127.0.0.1:<port>`. */
  loopback: string;
  username: string;
  password: string;
}

/** Makes the registry `hoge` with its admin user on, for clients that bring a name and a password. */
export async function createAdminRegistry(azure: LocalAzureProcess, settings = {}): Promise<AdminRegistry> {
  const group = `/subscriptions/${azure.subscriptionId}/resourceGroups/blog`;
  const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge`;
  const location = 'japaneast';
  await armCall(azure, 'PUT', group, '2021-04-01', { location });
  await armCall(azure, 'PUT', registry, '2025-04-01', {
    location,
    sku: { name: 'Premium' },
    properties: { adminUserEnabled: true, ...settings },
  });
  const { username, passwords } = await armCall(azure, 'POST', `${registry}/listCredentials`, '2025-04-01');
  const status = await azure.localAzure('status', '--json');
  const [{ port }] = JSON.parse(status.stdout).registries;
  return {
    host: 'hoge.azurecr.io',
    loopback: `127.0.0.1:${port}`,
    username,
    password: passwords[0].value,
  };
}
