import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { build } from 'esbuild';
import { expect } from 'vitest';
import { assembleImage, nodeLayer } from '../packages/local-azure/test/container-image.ts';
import { createAdminRegistry } from './admin-registry.ts';
import type { LocalAzureProcess } from './local-azure.ts';
import { pushImage } from './push-image.ts';
import { armCall } from './resource-manager.ts';

/** Answers with the claims of a Key Vault token that a form of `@azure/identity` gets, or with its error. */
const program = `
  import { createServer } from 'node:http';
  import { DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity';
  createServer(async (request, response) => {
    const query = new URL(request.url, 'http://site').searchParams;
    const clientId = query.get('client_id') ?? undefined;
    try {
      const credential = query.has('default')
        ? new DefaultAzureCredential({ managedIdentityClientId: clientId })
        : new ManagedIdentityCredential({ clientId });
      const { token } = await credential.getToken('https://vault.azure.net/.default');
      response.end(Buffer.from(token.split('.')[1], 'base64url'));
    } catch (error) {
      response.end(JSON.stringify({ error: error.message }));
    }
  }).listen(process.env.PORT);`;

/** A site that runs the program, with an identity of each kind; its image is pulled with the admin user's password. */
export async function createIdentityApp(azure: LocalAzureProcess) {
  const folder = await mkdtemp(join(tmpdir(), 'identity-app-'));
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'node',
    write: false,
    logLevel: 'error',
  });
  const app = [{ name: 'app.js', content: outputFiles[0]!.contents }];
  const image = await assembleImage(
    folder,
    [await nodeLayer(), app],
    { Entrypoint: ['/node', '/app.js'] },
    (tar) => tar,
  );
  const registry = await createAdminRegistry(azure);
  await pushImage(registry, 'identity:1', image);
  await rm(folder, { recursive: true });

  const providers = `/subscriptions/${azure.subscriptionId}/resourceGroups/blog/providers`;
  const web = `${providers}/Microsoft.Web`;
  const location = 'japaneast';
  const userAssigned = `${providers}/Microsoft.ManagedIdentity/userAssignedIdentities/reader`;
  const { properties } = await armCall(azure, 'PUT', userAssigned, '2023-01-31', { location });
  const serverFarmId = `${web}/serverfarms/plan`;
  await armCall(azure, 'PUT', serverFarmId, '2023-12-01', {
    location,
    sku: { name: 'S1' },
    properties: { reserved: true },
  });
  const settings = {
    DOCKER_REGISTRY_SERVER_URL: `https://${registry.host}`,
    DOCKER_REGISTRY_SERVER_USERNAME: registry.username,
    DOCKER_REGISTRY_SERVER_PASSWORD: registry.password,
  };
  const { identity } = await armCall(azure, 'PUT', `${web}/sites/identity-app`, '2023-12-01', {
    location,
    identity: { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: { [userAssigned]: {} } },
    properties: {
      serverFarmId,
      siteConfig: {
        linuxFxVersion: `DOCKER|${registry.host}/identity:1`,
        appSettings: Object.entries(settings).map(([name, value]) => ({ name, value })),
      },
    },
  });
  return {
    principalId: identity.principalId as string,
    userAssigned: properties as { principalId: string; clientId: string },
    async ask(query = ''): Promise<unknown> {
      const { port } = new URL(azure.env.HTTP_PROXY!);
      const headers = { host: `identity-app.localhost:${port}` };
      const response = await new Promise<Parameters<typeof json>[0]>((resolve, reject) => {
        request(`http://127.0.0.1:${port}/${query}`, { headers }, resolve).on('error', reject).end();
      });
      return json(response);
    },
  };
}

export async function proveIdentity(azure: LocalAzureProcess): Promise<void> {
  const { principalId, userAssigned, ask } = await createIdentityApp(azure);
  const aud = 'https://vault.azure.net';
  for (const form of ['', '&default']) {
    expect(await ask(`?${form}`)).toMatchObject({ oid: principalId, aud });
    expect(await ask(`?client_id=${userAssigned.clientId}${form}`)).toMatchObject({
      oid: userAssigned.principalId,
      aud,
    });
  }
  expect(await ask('?client_id=00000000-0000-0000-0000-000000000000')).toEqual({
    error: expect.stringContaining('No User Assigned or Delegated Managed Identity found'),
  });
}
