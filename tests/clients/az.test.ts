import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { writeSampleLayout } from '../oci-layout.ts';
import { missing } from '../tools.ts';
import { logTail } from './az-log-tail.ts';
import { azVersions, runAz } from './az-versions.ts';

// The article's own commands, by an unmodified `az`, in its order: each test builds on the one before.

const group = 'blog';
const app = 'hoge-app';

const lacking = missing('az', 'skopeo');
const skipped = lacking ? ` (skipped: no ${lacking} on this machine)` : '';

describe.skipIf(lacking).each(azVersions)(`$name${skipped}`, ({ program, ...version }) => {
  const { registryName, imageOption, roleCommands } = version;
  const image = `${registryName}.azurecr.io/hello:0.1.0`;
  let azure: LocalAzureProcess;
  let digest: string;

  const az = (...args: string[]) => runAz(azure, program, args);
  const onSite = (slot?: string) => ['-g', group, '-n', app, ...(slot ? ['--slot', slot] : [])];

  async function grantAcrPull(principalId: string, scope: string) {
    if (roleCommands) {
      return az(
        ...['role', 'assignment', 'create', '--assignee-object-id', principalId],
        // As the article on registries writes the role.
        ...['--assignee-principal-type', 'ServicePrincipal', '--role', 'acrpull', '--scope', scope],
      );
    }
    const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
    const roleDefinitionId = `/subscriptions/${azure.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`;
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`;
    const body = { properties: { roleDefinitionId, principalId, principalType: 'ServicePrincipal' } };
    const grant = await az('rest', '--method', 'put', '--url', path, '--body', JSON.stringify(body));
    return grant.properties;
  }

  beforeAll(async () => {
    azure = await startLocalAzure();
  });
  afterAll(() => azure?.stop());

  test('az login --service-principal, with the wrong secret and then the right one', async () => {
    const { AZURE_CLIENT_ID: id, AZURE_CLIENT_SECRET: secret, AZURE_TENANT_ID: tenant } = azure.env;
    const login = (password: string) =>
      azure.run(program, ['login', '--service-principal', '-u', id!, '-p', password, '--tenant', tenant!]);
    const refused = await login('wrong');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('AADSTS7000215');
    const accepted = await login(secret!);
    expect(accepted.code, accepted.stderr).toBe(0);
    expect(JSON.parse(accepted.stdout)).toMatchObject([{ id: azure.subscriptionId, state: 'Enabled' }]);
  });

  test('az group create, az acr create', async () => {
    expect(await az('group', 'create', '-n', group, '-l', 'japaneast')).toMatchObject({ name: group });
    const registry = await az('acr', 'create', '-g', group, '-n', registryName, '--sku', 'Premium');
    expect(registry).toMatchObject({ loginServer: `${registryName}.azurecr.io`, adminUserEnabled: false });
  });

  test('az acr login --expose-token, with which skopeo pushes the image', async () => {
    const { accessToken } = await az('acr', 'login', '-n', registryName, '--expose-token');
    const layout = await writeSampleLayout('0.1.0');
    digest = layout.digest;
    const pushed = await azure.run('skopeo', [
      ...['copy', '--dest-creds', `00000000-0000-0000-0000-000000000000:${accessToken}`],
      ...[`oci:${layout.folder}:0.1.0`, `docker://${image}`],
    ]);
    await rm(layout.folder, { recursive: true });
    expect(pushed.code, pushed.stderr).toBe(0);
  });

  test('az appservice plan create --is-linux, az webapp create, a slot', async () => {
    const plan = await az(
      'appservice',
      'plan',
      'create',
      '-g',
      group,
      '-n',
      'hoge-plan',
      '--is-linux',
      '--sku',
      'S1',
    );
    expect(plan).toMatchObject({ reserved: true, sku: { name: 'S1' } });
    const site = await az(
      ...['webapp', 'create', '-g', group, '-n', app, '-p', 'hoge-plan'],
      ...[imageOption, image],
    );
    expect(site).toMatchObject({ defaultHostName: 'hoge-app.azurewebsites.net' });
    const slot = await az(
      ...['webapp', 'deployment', 'slot', 'create', '-g', group, '-n', app, '-s', 'staging'],
      ...['--configuration-source', app],
    );
    expect(slot).toMatchObject({ defaultHostName: 'hoge-app-staging.azurewebsites.net' });
    for (const slot of [undefined, 'staging']) {
      const config = await az('webapp', 'config', 'show', ...onSite(slot));
      expect(config).toMatchObject({ linuxFxVersion: `DOCKER|${image}`, acrUseManagedIdentityCreds: false });
    }
  });

  test.each([undefined, 'staging'])('identity, AcrPull and the flag (slot: %s)', async (slot) => {
    const identity = await az('webapp', 'identity', 'assign', ...onSite(slot));
    expect(identity.principalId).toMatch(/^[0-9a-f-]{36}$/);
    const registry = await az('acr', 'show', '-n', registryName);
    const grant = await grantAcrPull(identity.principalId, registry.id);
    expect(grant).toMatchObject({ principalId: identity.principalId, scope: registry.id });
    const config = await az(
      ...['webapp', 'config', 'set', ...onSite(slot)],
      ...['--generic-configurations', '{"acrUseManagedIdentityCreds": true}'],
    );
    expect(config).toMatchObject({ acrUseManagedIdentityCreds: true });
    expect(await az('webapp', 'config', 'show', ...onSite(slot))).toMatchObject({
      acrUseManagedIdentityCreds: true,
    });
  });

  test.each([undefined, 'staging'])(
    `restart, stop, start${version.tailsThroughProxy ? ', and az webapp log tail shows the pull' : ''} (slot: %s)`,
    async (slot) => {
      await az('webapp', 'stop', ...onSite(slot));
      await az('webapp', 'start', ...onSite(slot));
      if (!version.tailsThroughProxy) return;
      const tail = await logTail(azure, program, onSite(slot), /Pull Image successful/, () =>
        az('webapp', 'restart', ...onSite(slot)),
      );
      expect(tail).toContain(`Pulling image: ${image}`);
      expect(tail).toContain(`Digest: ${digest}`);
    },
  );
});
