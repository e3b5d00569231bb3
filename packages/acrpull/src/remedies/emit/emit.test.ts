import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import {
  type Changes,
  grantOf,
  identityOf,
  registryId,
  repositoryReader,
  snapshotOf,
  userAssigned,
} from '../../../test/snapshots.ts';
import { diagnose } from '../../checks/diagnose.ts';
import { planSites, type Wishes } from '../plan.ts';
import { pullCondition } from '../pull-condition.ts';
import { emitArm } from './arm.ts';
import { emitAz } from './az.ts';
import { emitBicep } from './bicep.ts';
import type { Emit, Emitted } from './emit.ts';
import { emitTerraform } from './terraform.ts';

const sites: Changes['sites'] = [undefined, 'staging'].map((slot) => ({
  ...(slot && { slot }),
  identity: identityOf(),
  config: { acrUseManagedIdentityCreds: false },
}));
const elsewhere = registryId.replace('/blog/', '/shared/');
const abac = { roleAssignmentMode: 'AbacRepositoryPermissions' };
const narrow = grantOf({ role: repositoryReader, condition: pullCondition(['other']) });
const credentials = { registryHost: 'hoge.azurecr.io', username: 'other', password: true } as const;

const cases: Record<string, [Changes, Wishes]> = {
  'an identity for each site': [{ sites }, {}],
  'one identity for all': [{ sites }, { identity: userAssigned }],
  'a registry in another group': [{ sites, registry: { id: elsewhere } }, {}],
  'a resource group as the scope': [{ sites }, { scope: '/subscriptions/s/resourceGroups/blog' }],
  'a condition': [{ sites, registry: abac }, {}],
  'a condition that is widened': [{ registry: abac, grants: [narrow] }, {}],
  'a site that pulls today': [
    { site: { appSettings: credentials } },
    { identity: userAssigned, waitMs: 300_000 },
  ],
  'credentials to be removed': [
    { sites: [{ appSettings: credentials }, ...sites!.slice(1)] },
    { removeCredentials: true },
  ],
};
const emitted = (name: string, emit: Emit): Emitted => {
  const [changes, wishes] = cases[name]!;
  return emit(
    planSites(diagnose(snapshotOf(changes)), wishes).filter((plan) => plan.steps.length > 0 || plan.removal),
  );
};
const names = Object.keys(cases);

describe('az', () => {
  test('identities, roles, and then the flag; the new principal goes from the one to the other', () => {
    const lines = emitted('an identity for each site', emitAz)
      .code.split('\n')
      .filter((line) => /^(az|principal)/.test(line));
    expect(lines.map((line) => line.replace(/ -o none$/, ''))).toEqual([
      `az webapp identity assign --subscription s -g blog -n hoge-app --identities '[system]'`,
      `az webapp identity assign --subscription s -g blog -n hoge-app --slot staging --identities '[system]'`,
      'principal_hoge_app=$(az webapp identity show --subscription s -g blog -n hoge-app --query principalId -o tsv)',
      'principal_hoge_app_staging=$(az webapp identity show --subscription s -g blog -n hoge-app --slot staging --query principalId -o tsv)',
      ...['hoge_app', 'hoge_app_staging'].map(
        (site) =>
          `az role assignment create --assignee-object-id "$principal_${site}" --assignee-principal-type ServicePrincipal ` +
          `--role 7f951dda-4ed3-4680-a7ca-43fe172d538d --scope ${registryId} --subscription s`,
      ),
      `az webapp config set --subscription s -g blog -n hoge-app --generic-configurations '{"acrUseManagedIdentityCreds":true}'`,
      `az webapp config set --subscription s -g blog -n hoge-app --slot staging --generic-configurations '{"acrUseManagedIdentityCreds":true}'`,
    ]);
  });

  test('waits where a site pulls today, and removes credentials only after the proof', () => {
    expect(emitted('a site that pulls today', emitAz).code).toMatch(
      /role assignment create.*sleep 300.*config set/s,
    );
    expect(emitted('credentials to be removed', emitAz).code).toMatch(
      /acrpull verify \/subscriptions\/\S+\/hoge-app --slot production --azure --yes\naz webapp config appsettings delete .*DOCKER_REGISTRY_SERVER_PASSWORD/,
    );
  });

  test.each(names)('is a script that a shell can read: %s', (name) => {
    const { status, stderr } = spawnSync('sh', ['-n'], {
      input: emitted(name, emitAz).code,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  });
});

describe('arm', () => {
  interface Resource {
    type: string;
    apiVersion: string;
    name: string;
    scope?: string;
    resourceGroup?: string;
    dependsOn?: string[];
    properties: { template?: { resources: Resource[] } } & Record<string, unknown>;
  }

  test.each(names)('is a template whose parts are all there: %s', (name) => {
    const { code } = emitted(name, emitArm);
    const { $schema, contentVersion, parameters, resources } = JSON.parse(code);
    expect([$schema, contentVersion]).toEqual([
      expect.stringContaining('deploymentTemplate.json#'),
      '1.0.0.0',
    ]);
    for (const it of resources as Resource[]) {
      expect(it).toMatchObject({
        type: expect.stringMatching(/^Microsoft\./),
        apiVersion: expect.stringMatching(/^\d{4}-/),
      });
      // The name of a resource has a part for each of its types after the provider.
      expect(it.name.startsWith('[') || it.name.split('/').length === it.type.split('/').length - 1).toBe(
        true,
      );
    }
    const expressions = [...code.matchAll(/"\[(?!\[)(.*)\]"/g)].map((match) => match[1]!);
    for (const expression of expressions) {
      expect(expression).toMatch(/^(guid|parameters|resourceId|extensionResourceId)\(/);
      expect(expression.split('(').length).toBe(expression.split(')').length);
      for (const [, used] of expression.matchAll(/parameters\('(\w+)'\)/g))
        expect(parameters).toHaveProperty(used!);
    }
  });

  test('grants in the group of the registry, and sets the flag after that', () => {
    const { resources } = JSON.parse(emitted('a registry in another group', emitArm).code);
    expect(resources[0]).toMatchObject({
      type: 'Microsoft.Resources/deployments',
      resourceGroup: 'shared',
      properties: {
        template: {
          resources: [
            {
              scope: 'Microsoft.ContainerRegistry/registries/hoge',
              properties: {
                principalId: "[parameters('principal_hoge_app')]",
                principalType: 'ServicePrincipal',
              },
            },
          ],
        },
      },
    });
    expect(resources.at(-1)).toMatchObject({
      type: 'Microsoft.Web/sites/slots/config',
      name: 'hoge-app/staging/web',
      dependsOn: [
        "[resourceId('s', 'shared', 'Microsoft.Resources/deployments', 'pull1')]",
        "[resourceId('s', 'shared', 'Microsoft.Resources/deployments', 'pull2')]",
      ],
    });
  });

  test('does not declare a site, which would reset it, and says what goes first', () => {
    const { code, notes } = emitted('an identity for each site', emitArm);
    const { resources } = JSON.parse(code);
    expect(resources.map(({ type }: Resource) => type)).not.toContain('Microsoft.Web/sites');
    expect(notes[0]).toContain(
      "az webapp identity assign --subscription s -g blog -n hoge-app --identities '[system]'",
    );
  });

  test.each([emitArm, emitBicep])('refuses a scope that a resource group does not reach', (emit) => {
    const plans = planSites(diagnose(snapshotOf({ sites: sites! })), { scope: '/subscriptions/s' });
    expect(() => emit(plans)).toThrow('cannot grant at a wider scope');
  });
});

describe('bicep', () => {
  test.each(names)('declares all that it uses: %s', (name) => {
    const { code } = emitted(name, emitBicep);
    const withoutTexts = code.replace(/'(\\.|[^'\\])*'/g, "''");
    expect(withoutTexts).not.toContain('undefined');
    for (const [open, close] of ['{}', '[]', '()']) {
      expect(withoutTexts.split(open!).length, code).toBe(withoutTexts.split(close!).length);
    }
    const declared = [...withoutTexts.matchAll(/^(?:param|resource) (\w+)/gm)].map((match) => match[1]!);
    expect(new Set(declared).size).toBe(declared.length);
    const used = [
      ...[...withoutTexts.matchAll(/(?:parent|scope|principalId): ([a-z]\w*)$/gm)].map((match) => match[1]!),
      ...[...withoutTexts.matchAll(/dependsOn: \[([^\]]*)\]/g)].flatMap((match) =>
        match[1]!.trim().split(/\s+/),
      ),
    ];
    for (const symbol of used) expect(declared).toContain(symbol);
  });

  test('a name is made of what is known when the deployment starts', () => {
    expect(emitted('an identity for each site', emitBicep).code).toContain(
      `name: guid('${registryId}', principal_hoge_app, '7f951dda-4ed3-4680-a7ca-43fe172d538d')\n  scope: scope_hoge`,
    );
  });
});

describe('terraform', () => {
  test.each(names)('refers to what it declares, and holds no other reference: %s', (name) => {
    const { code } = emitted(name, emitTerraform);
    const declared = [...code.matchAll(/^resource "(\w+)" "(\w+)"/gm)].map(
      ([, type, name]) => `${type}.${name}`,
    );
    const withoutTexts = code.replace(/"(\\.|[^"\\])*"/g, '""');
    const used = [
      ...withoutTexts.matchAll(/\b((?:azapi_update_resource|azurerm_role_assignment|time_sleep)\.\w+)/g),
    ];
    for (const [, reference] of used) expect(declared).toContain(reference);
    expect(withoutTexts.split('{').length).toBe(withoutTexts.split('}').length);
  });

  test('the principal of the identity that it attaches, the condition, and the flag at the end', () => {
    const { code } = emitted('a condition', emitTerraform);
    expect(code).toContain(
      'principal_id       = azapi_update_resource.identity_hoge_app.output.identity.principalId',
    );
    expect(code).toContain(`condition          = ${JSON.stringify(pullCondition(['app']))}`);
    expect(code).toContain('depends_on = [azurerm_role_assignment.pull_1, azurerm_role_assignment.pull_2]');
  });

  test('a role assignment that is there is taken over, not made again', () => {
    expect(emitted('a condition that is widened', emitTerraform).code).toContain(
      `import {\n  to = azurerm_role_assignment.pull_1\n  id = "${narrow.id}"`,
    );
  });
});
