import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { writeSampleLayout } from '../oci-layout.ts';
import { missing } from '../tools.ts';

const lacking = missing('skopeo');

describe.skipIf(lacking)(`skopeo${lacking ? ` (skipped: no ${lacking} on this machine)` : ''}`, () => {
  let azure: LocalAzureProcess;
  let layout: { folder: string; digest: string };
  const image = 'docker://hoge.azurecr.io/copied:1';

  beforeAll(async () => {
    layout = await writeSampleLayout('1');
    azure = await startLocalAzure();
    await azure.setUpStory();
  });
  afterAll(async () => {
    await azure?.stop();
    await rm(layout.folder, { recursive: true, force: true });
  });

  /** The exchange by hand, as docs/AAD-OAuth.md of Azure/acr shows it: an Entra token for a refresh token. */
  async function refreshToken(): Promise<string> {
    const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: id, AZURE_CLIENT_SECRET: secret } = azure.env;
    const post = async (url: string, fields: Record<string, string>) => {
      const form = Object.entries(fields).flatMap(([name, value]) => [
        '--data-urlencode',
        `${name}=${value}`,
      ]);
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

  test('is refused without a token', async () => {
    const { code, stderr } = await azure.run('skopeo', [
      'inspect',
      '--no-creds',
      'docker://hoge.azurecr.io/hello:0.1.0',
    ]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('authentication required');
  });

  test('pushes and pulls with a token', async () => {
    const user = `00000000-0000-0000-0000-000000000000:${await refreshToken()}`;
    const pushed = await azure.run('skopeo', ['copy', '--dest-creds', user, `oci:${layout.folder}:1`, image]);
    expect(pushed.code, pushed.stderr).toBe(0);
    const inspected = await azure.run('skopeo', ['inspect', '--creds', user, image]);
    expect(JSON.parse(inspected.stdout).Digest).toBe(layout.digest);

    const folder = await mkdtemp(join(tmpdir(), 'skopeo-'));
    const pulled = await azure.run('skopeo', ['copy', '--src-creds', user, image, `dir:${folder}`]);
    expect(pulled.code, pulled.stderr).toBe(0);
    expect((await readdir(folder)).length).toBeGreaterThanOrEqual(3);
    await rm(folder, { recursive: true });
  });

  test('is told so when the registry does not exist', async () => {
    const { code, stderr } = await azure.run('skopeo', [
      'inspect',
      'docker://nosuchregistry.azurecr.io/hello:1',
    ]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/ENOTFOUND nosuchregistry.azurecr.io/);
  });
});
