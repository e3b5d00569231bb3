import { afterAll, beforeAll, expect, test } from 'vitest';
import { acrpullBin } from '../local-azure.ts';
import { pulled, testCauses } from './cause.ts';
import { roles, type Setting, startSetting } from './setting.ts';

// What is wrong between the identity and the registry; in the words of the newer worker.

let setting: Setting;
beforeAll(async () => {
  setting = await startSetting(['--worker-log', 'new']);
});
afterAll(() => setting?.stop());

const abac = { roleAssignmentMode: 'AbacRepositoryPermissions' };
const onlyFor = (repository: string) => ({
  condition: `((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'})) OR (@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringEqualsIgnoreCase '${repository}'))`,
  conditionVersion: '2.0',
});
const of = (registry: string) => `${registry}.azurecr.io/hello:0.1.0`;

testCauses(
  () => setting,
  [
    {
      id: 'B2',
      breakIt: async (site, { revoke, registry, principalOf }) => revoke(registry, await principalOf(site)),
      mend: 'fix',
    },
    {
      // That the role which is there does not include the pull (B13) is a hint beside B2.
      id: 'B2',
      as: 'with a custom role',
      notes: ['B13'],
      breakIt: async (site, { arm, revoke, grant, registry, principalOf }) => {
        const role = crypto.randomUUID();
        const subscription = registry.split('/resourceGroups')[0]!;
        const path = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
        const permissions = [{ actions: ['Microsoft.ContainerRegistry/registries/read'] }];
        await arm('PUT', path, '2022-04-01', {
          properties: { roleName: 'Registry Viewer', assignableScopes: [subscription], permissions },
        });
        await revoke(registry, await principalOf(site));
        await grant(registry, await principalOf(site), role);
      },
      mend: 'fix',
    },
    {
      // The assignment looked the new principal up in vain, and the pipeline went on: cause B8.
      id: 'B2',
      as: 'after PrincipalNotFound',
      site: { image: of('hogeyoung') },
      breakIt: async (site, { createRegistry, setIdentity, principalOf, grant, azure }) => {
        const registry = await createRegistry('hogeyoung');
        await setIdentity(site, { type: 'None' });
        await azure.setFaults(`identity-delay,delay=1h,site=${site.split('/').at(-1)}`);
        await setIdentity(site, { type: 'SystemAssigned' });
        const lookedUp = grant(registry, await principalOf(site), roles.acrPull, {
          principalType: undefined,
        });
        await expect(lookedUp).rejects.toThrow('does not exist in the directory');
        await azure.setFaults();
      },
      mend: 'fix',
    },
    {
      id: 'B3',
      breakIt: async (site, { revoke, grant, registry, principalOf }) => {
        await revoke(registry, await principalOf(site));
        await grant(site, await principalOf(site));
      },
      mend: 'fix',
    },
    {
      // A slot that is made anew: its grant stays with the old principal. That this is so (B6) is a hint beside B2.
      id: 'B2',
      as: 'after the identity was made anew',
      site: { slot: 'staging', image: of('hogeslot') },
      notes: ['B6'],
      breakIt: async (site, { createRegistry, grant, principalOf, setIdentity }) => {
        const registry = await createRegistry('hogeslot');
        await grant(registry, await principalOf(site.replace(/\/slots\/.*/, '')));
        await grant(registry, await principalOf(site));
        await setIdentity(site, { type: 'None' });
        await setIdentity(site, { type: 'SystemAssigned' });
      },
      mend: 'fix',
    },
    {
      id: 'A9',
      breakIt: async (site, { createIdentity, setIdentity, configure }) => {
        const { id, clientId } = await createIdentity('puller-a9');
        await setIdentity(site, {
          type: 'SystemAssigned, UserAssigned',
          userAssignedIdentities: { [id]: {} },
        });
        await configure(site, { acrUserManagedIdentityID: clientId });
      },
      mend: 'fix',
    },
    {
      id: 'B4',
      site: { image: of('hogeabac') },
      breakIt: async (site, { createRegistry, grant, principalOf }) =>
        grant(await createRegistry('hogeabac', abac), await principalOf(site)),
      mend: 'fix',
    },
    {
      id: 'B4b',
      site: { image: of('hogeonly') },
      breakIt: async (site, { createRegistry, grant, principalOf }) => {
        const registry = await createRegistry('hogeonly', abac);
        await grant(registry, await principalOf(site), roles.repositoryReader, onlyFor('goodbye'));
      },
      mend: 'fix',
    },
    {
      id: 'B5',
      site: { image: of('hogearm') },
      breakIt: async (site, { createRegistry, grant, principalOf }) => {
        const policies = { azureADAuthenticationAsArmPolicy: { status: 'disabled' } };
        await grant(await createRegistry('hogearm', { policies }), await principalOf(site));
      },
      mend: (_, { arm, group }) =>
        arm('PATCH', `${group}/providers/Microsoft.ContainerRegistry/registries/hogearm`, '2025-11-01', {
          properties: { policies: { azureADAuthenticationAsArmPolicy: { status: 'enabled' } } },
        }),
    },
  ],
);

const judge = async (site: string, caller?: NodeJS.ProcessEnv) => {
  const ran = await setting.azure.run(process.execPath, [acrpullBin, 'doctor', site, '--json'], {
    ...(caller && { env: caller }),
  });
  const { firstBroken, findings } = JSON.parse(ran.stdout).sites[0];
  return {
    code: ran.code,
    firstBroken,
    findings: findings.map(({ id, status }: { id: string; status: string }) => `${id} ${status}`),
  };
};

// A deployer that may not grant is no cause by itself: it says why the grant is missing, and who can make it.
test.concurrent('B9: a Contributor is told that the grant takes somebody else', async () => {
  const { healthySite, revoke, registry, principalOf, createCaller, group } = setting;
  const site = await healthySite('b9');
  await revoke(registry, await principalOf(site));
  const contributor = await createCaller('deployer', group.split('/resourceGroups')[0]!, roles.contributor);
  const { firstBroken, findings } = await judge(site, contributor);
  expect(firstBroken).toBe('grant');
  expect(findings).toEqual(['B2 fail', 'B9 warn']);
});

// The pull works, and whoever may not see the registry must not take that for a missing one.
test.concurrent('B12: a registry that the caller cannot see was not checked, and is not missing', async () => {
  const { healthySite, createCaller, restart } = setting;
  const site = await healthySite('b12');
  const webOnly = await createCaller('web-only', site, roles.reader);
  expect(await restart(site)).toMatch(pulled);
  const seen = await judge(site, webOnly);
  expect(seen).toMatchObject({ code: 1, firstBroken: null });
  expect(seen.findings).toContain('B12 unknown');
  expect(seen.findings.filter((finding: string) => finding.endsWith('fail'))).toEqual([]);
});

// The groups of a managed identity are those of its first token of the day.
test.concurrent('C2: a role that only a group holds is told of, and one of its own counts at once', async () => {
  const { healthySite, revoke, grant, graph, registry, principalOf, restart } = setting;
  const site = await healthySite('c2');
  const principalId = await principalOf(site);
  expect(await restart(site)).toMatch(pulled);
  await revoke(registry, principalId);
  const group = await graph('POST', '/groups', {
    displayName: 'pullers',
    mailNickname: 'pullers',
    mailEnabled: false,
    securityEnabled: true,
  });
  const member = { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${principalId}` };
  await graph('POST', `/groups/${group.id}/members/$ref`, member);
  await grant(registry, group.id, roles.acrPull, { principalType: 'Group' });
  expect(await restart(site)).toContain('forbidden or unauthorized');
  expect(await judge(site)).toEqual({ code: 0, firstBroken: null, findings: ['C1 warn', 'C2 warn'] });
  await grant(registry, principalId);
  expect(await restart(site)).toMatch(pulled);
});

test.concurrent('C6: a copy of the image hides that the pull is broken', async () => {
  const { healthySite, configure, restart } = setting;
  const site = await healthySite('c6');
  expect(await restart(site)).toMatch(pulled);
  await configure(site, { acrUseManagedIdentityCreds: false });
  const log = await restart(site);
  expect(log).not.toMatch(pulled);
  expect(log).toContain('Defaulting to local copy if present.');
  expect(await judge(site)).toMatchObject({ firstBroken: 'flag', findings: ['C1 warn', 'A1 fail'] });
});
