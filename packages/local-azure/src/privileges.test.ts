import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHttpServer } from '../test/http-server.ts';
import { createManualClock } from '../test/manual-clock.ts';
import { newestApiVersion } from '../test/newest-api-version.ts';
import { createAzure } from './azure.ts';
import { createEntra } from './entra/create-entra.ts';
import { createFaults } from './faults/faults.ts';
import { providerOperations } from './providers/authorization/provider-operations/provider-operations.ts';
import { createRoleAssignments } from './providers/authorization/role-assignments.ts';
import { createRoleDefinitions } from './providers/authorization/role-definitions.ts';
import type { Permission } from './resource-manager/rbac.ts';
import type { Route } from './resource-manager/route.ts';
import { createDataDir } from './store/data-dir.ts';
import { openDatabase } from './store/database.ts';

// Every route of Resource Manager, as it is put together for use: one that is new tomorrow is in these tests too.

const subscriptionId = '11111111-2222-3333-4444-555555555555';
const group = `/subscriptions/${subscriptionId}/resourceGroups/blog`;

type Gated = Route & { action: string };

async function startAzure() {
  const folder = await mkdtemp(join(tmpdir(), 'local-azure-privileges-'));
  const clock = createManualClock();
  const db = openDatabase(':memory:');
  const logError = (message: string, error: unknown) => {
    throw new Error(message, { cause: error });
  };
  const entra = await createEntra({
    db,
    clock,
    agentFor: () => false,
    signInOrigin: () => 'http://login.localhost',
    logError,
  });
  const azure = await createAzure({
    db,
    dir: createDataDir(folder),
    clock,
    entra,
    subscriptionId,
    agent: new Agent(),
    agentFor: () => false,
    faults: createFaults(clock),
    rateLimits: false,
    enginePreference: 'none',
    workerLog: 'old',
    logError,
  });
  const roles = createRoleDefinitions(db, clock);
  const assignments = createRoleAssignments(db, clock);
  const { origin, close } = await startHttpServer(azure.services.management.request);

  return {
    routes: azure.routes,
    /** A new principal that holds these rights everywhere, with its token. */
    async principal(name: string, rights: Partial<Permission>) {
      const { principal } = entra.principals.createApplication(name);
      const permission = { actions: [], notActions: [], dataActions: [], notDataActions: [], ...rights };
      const role = roles.put(
        {
          name: crypto.randomUUID(),
          roleName: `${name} ${principal.id}`,
          description: '',
          assignableScopes: ['/'],
          permissions: [permission],
        },
        principal.id,
      );
      assignments.put({
        name: crypto.randomUUID(),
        scope: '/',
        principalId: principal.id,
        principalType: 'ServicePrincipal',
        roleName: role.name,
        createdBy: principal.id,
      });
      return { ...principal, ...(await entra.issueToken(principal.id, 'https://management.azure.com/')) };
    },
    async call({ method, path }: Route, token: string) {
      const response = await fetch(`${origin}${fill(path)}?api-version=${newestApiVersion(path)}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(method === 'GET' || method === 'HEAD' ? {} : { body: '{}' }),
      });
      const text = await response.text();
      return { status: response.status, error: text.startsWith('{') ? JSON.parse(text).error : undefined };
    },
    async close() {
      await close();
      await azure.close();
      db.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Puts a name for each of the path's parameters, so that the route is reached: of things that are not there. */
const fill = (path: string) =>
  path
    .replace('/{scope}', group)
    .replaceAll(/\{(\w+)\}/g, (_, name) =>
      name === 'subscriptionId' ? subscriptionId : name === 'resourceGroupName' ? 'blog' : 'name1',
    );

let azure: Awaited<ReturnType<typeof startAzure>>;
let gated: Gated[];

beforeAll(async () => {
  azure = await startAzure();
  gated = azure.routes.filter((route): route is Gated => route.action !== null);
});
afterAll(() => azure.close());

test('who has no right at all is refused at every route, with the action and the caller', async () => {
  const nobody = await azure.principal('nobody', {});
  expect(gated.length).toBeGreaterThan(150);
  for (const route of gated) {
    const { status, error } = await azure.call(route, nobody.token);
    expect([route.method, route.path, status, error?.code]).toEqual([
      route.method,
      route.path,
      403,
      'AuthorizationFailed',
    ]);
    expect(error.message).toContain(
      `The client '${nobody.appId}' with object id '${nobody.id}' does not have authorization to perform action ` +
        `'${route.action}' over scope '/`,
    );
  }
});

test('who may do everything but its action is refused, and who may do nothing else gets in', async () => {
  for (const action of new Set(gated.map((route) => route.action))) {
    const without = await azure.principal('without', { actions: ['*'], notActions: [action] });
    const only = await azure.principal('only', { actions: [action] });
    for (const route of gated.filter((one) => one.action === action)) {
      const refused = await azure.call(route, without.token);
      const entered = await azure.call(route, only.token);
      const isIn = entered.error?.code !== 'AuthorizationFailed';
      expect([route.method, route.path, refused.error?.code, isIn]).toEqual([
        route.method,
        route.path,
        'AuthorizationFailed',
        true,
      ]);
    }
  }
});

const imports = '/subscriptions/{subscriptionId}/providers/Microsoft.ContainerRegistry/locations/{location}';

/** Where any signed-in caller may ask: the status for one without rights, and why the route is open. */
const open: Record<string, [number, string]> = {
  'GET /tenants': [200, 'the tenant that the token names'],
  'GET /providers': [200, 'the same for everybody'],
  'GET /subscriptions': [200, 'only to who holds a role in it'],
  'GET /providers/Microsoft.Management/managementGroups': [200, 'only to who may read it'],
  'POST /providers/Microsoft.Authorization/elevateAccess': [403, 'only for who administers the directory'],
  'GET /providers/Microsoft.Web/webAppStacks': [200, 'the same for everybody'],
  'GET /providers/Microsoft.Web/availableStacks': [200, 'the same for everybody'],
  'GET /providers/Microsoft.Web/publishingUsers/web': [501, 'of the caller itself, in Azure'],
  'PUT /providers/Microsoft.Web/publishingUsers/web': [501, 'of the caller itself, in Azure'],
  'GET /subscriptions/{subscriptionId}/operationresults/{operationId}': [404, 'only to who started it'],
  [`GET ${imports}/operationResults/{operationId}`]: [404, 'only to who started it'],
};

test('the routes that ask for no action are these', async () => {
  const nobody = await azure.principal('nobody', {});
  const found = azure.routes.filter(({ action }) => action === null);
  expect(found.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(Object.keys(open).sort());
  for (const route of found) {
    const name = `${route.method} ${route.path}`;
    expect([name, (await azure.call(route, nobody.token)).status]).toEqual([name, open[name]![0]]);
  }
});

/** Of providers that are not listed in full. Source: Azure's built-in roles, which name them. */
const otherOperations = [
  ...['read', 'write', 'delete'].map((verb) => `Microsoft.Authorization/roleAssignments/${verb}`),
  // Source of write and delete: MicrosoftDocs/azure-docs role-based-access-control/custom-roles.md
  ...['read', 'write', 'delete'].map((verb) => `Microsoft.Authorization/roleDefinitions/${verb}`),
  // Source of write and delete: azure-cli's `role deny-assignment create` and `delete`
  ...['read', 'write', 'delete'].map((verb) => `Microsoft.Authorization/denyAssignments/${verb}`),
  ...['read', 'write', 'delete'].map((verb) => `Microsoft.Authorization/locks/${verb}`),
  'Microsoft.Authorization/permissions/read',
  ...['read', 'write', 'delete'].map((verb) => `Microsoft.Management/managementGroups/${verb}`),
  ...['read', 'write', 'delete'].map((verb) => `Microsoft.Resources/subscriptions/resourceGroups/${verb}`),
  'Microsoft.Resources/subscriptions/read',
  'Microsoft.Resources/subscriptions/locations/read',
  'Microsoft.Resources/subscriptions/providers/read',
  'Microsoft.Resources/subscriptions/resources/read',
  'Microsoft.Resources/subscriptions/resourceGroups/resources/read',
  // Source: roles that people publish, which name them
  ...['read', 'write', 'delete'].flatMap((verb) => [
    `Microsoft.Resources/tags/${verb}`,
    `Microsoft.Resources/subscriptions/tagNames/${verb}`,
    `Microsoft.Resources/subscriptions/tagNames/tagValues/${verb}`,
  ]),
  // Each provider has its own. Source: azure-cli, `az provider register`, which needs `*/register/action`
  ...['Authorization', 'ManagedIdentity', 'Management', 'ResourceGraph', 'Resources'].flatMap((name) => [
    `Microsoft.${name}/register/action`,
    `Microsoft.${name}/unregister/action`,
  ]),
];

test("every action is one of Azure's operations", () => {
  const known = new Set(
    [...providerOperations.control, ...otherOperations].map((operation) => operation.toLowerCase()),
  );
  const unknown = gated.filter(({ action }) => !known.has(action.toLowerCase()));
  expect(unknown.map(({ method, path, action }) => `${action}: ${method} ${path}`)).toEqual([]);
});
