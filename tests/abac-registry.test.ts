import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';
import { armCall } from './resource-manager.ts';

// A registry that turns to ABAC takes the pull away from all that hold AcrPull, and says no more than "unauthorized".

let azure: LocalAzureProcess;
let subscription: string;

beforeAll(async () => {
  azure = await startLocalAzure();
  subscription = `/subscriptions/${azure.subscriptionId}`;
  await azure.setUpMendedStory();
});
afterAll(() => azure?.stop());

/** Lets the caller itself read images: in an ABAC registry an owner may not. */
async function grantReaderToCaller(registry: string): Promise<void> {
  const authorization = 'providers/Microsoft.Authorization';
  const version = '2022-04-01';
  const held = `${subscription}/${authorization}/roleAssignments?$filter=${encodeURIComponent('atScope()')}`;
  const owners: { properties: { principalId: string; principalType: string } }[] = (
    await armCall(azure, 'GET', held, version)
  ).value;
  // The subscription has two owners, and a user is the other one.
  const { principalId } = owners.find(
    ({ properties }) => properties.principalType === 'ServicePrincipal',
  )!.properties;
  const roleDefinitionId = `${subscription}/${authorization}/roleDefinitions/b93aa761-3e63-49ed-ac28-beffa264f7ac`;
  const path = `${registry}/${authorization}/roleAssignments/${crypto.randomUUID()}`;
  await armCall(azure, 'PUT', path, version, { properties: { roleDefinitionId, principalId } });
}

test('doctor names the grant, verify is refused, and fix gives the role that counts', async () => {
  const registry = `${subscription}/resourceGroups/blog/providers/Microsoft.ContainerRegistry/registries/hoge`;
  const properties = { roleAssignmentMode: 'AbacRepositoryPermissions' };
  await armCall(azure, 'PATCH', registry, '2025-04-01', { properties });
  await grantReaderToCaller(registry);

  const doctor = await azure.acrpullJson('doctor', 'hoge-app');
  expect(doctor.code).toBe(1);
  for (const site of doctor.result.sites) {
    expect(site.firstBroken).toBe('grant');
    const failed = site.findings.filter((finding: { status: string }) => finding.status === 'fail');
    expect(failed).toMatchObject([{ id: 'B4', evidence: [{}, { value: `AcrPull at ${registry}` }] }]);
  }

  const refused = await azure.acrpullJson('verify', 'hoge-app', '--timeout', '30');
  expect(refused.code).toBe(1);
  for (const { outcome } of refused.result.sites) {
    expect(outcome).toMatchObject({ kind: 'refused', cause: 'unauthorized' });
  }

  const fix = await azure.acrpull('fix', 'hoge-app', '--yes');
  expect(fix.code, fix.stdout + fix.stderr).toBe(0);
  expect(fix.stdout).toContain('Container Registry Repository Reader at registry hoge');

  const proven = await azure.acrpullJson('verify', 'hoge-app', '--timeout', '60');
  expect(proven.code).toBe(0);
  for (const { outcome } of proven.result.sites) expect(outcome).toMatchObject({ kind: 'serving' });
});
