import { Agent } from 'node:http';
import type { Clock } from '../src/clock.ts';
import { createDirectory, type Directory } from '../src/entra/directory/directory.ts';
import {
  type Entra,
  type Principal,
  principalTypeOf,
  type ServicePrincipal,
  TokenRefused,
  type User,
} from '../src/entra/entra.ts';
import { createFaults } from '../src/faults/faults.ts';
import { createGrantPropagation } from '../src/faults/grant-propagation.ts';
import { createAgentFor } from '../src/front/agent-for.ts';
import { createAccess } from '../src/providers/authorization/access-control.ts';
import { builtInRoles } from '../src/providers/authorization/built-in-roles.ts';
import { createDenyAssignments } from '../src/providers/authorization/deny-assignments.ts';
import {
  createRoleAssignments,
  type RoleAssignment,
} from '../src/providers/authorization/role-assignments.ts';
import { createRoleDefinitions } from '../src/providers/authorization/role-definitions.ts';
import { authorizationRoutes } from '../src/providers/authorization/routes.ts';
import { createRegistryLookup } from '../src/providers/container-registry/registry-lookup.ts';
import { containerRegistryRoutes } from '../src/providers/container-registry/routes.ts';
import { createWebhooks } from '../src/providers/container-registry/webhooks.ts';
import { managedIdentityRoutes } from '../src/providers/managed-identity/routes.ts';
import { managementRoutes } from '../src/providers/management/routes.ts';
import { createResourcesProvider } from '../src/providers/resources/routes.ts';
import type { ImportOrder, Imports } from '../src/registry/import-order.ts';
import { createRateLimits } from '../src/resource-manager/rate-limits.ts';
import { createResourceManager } from '../src/resource-manager/resource-manager.ts';
import type { Route } from '../src/resource-manager/route.ts';
import { openDatabase } from '../src/store/database.ts';
import { createResources, type Resources } from '../src/store/resources.ts';
import { startHttpServer } from './http-server.ts';
import { createManualClock } from './manual-clock.ts';
import { newestApiVersion } from './newest-api-version.ts';

export const subscription = {
  id: '11111111-2222-3333-4444-555555555555',
  tenantId: '99999999-8888-7777-6666-555555555555',
  displayName: 'Test',
};
export const root = `/subscriptions/${subscription.id}`;

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into it by path.
  body: any;
}

interface CallOptions {
  /** Who calls; the owner of the subscription unless said. */
  as?: ServicePrincipal | User;
  body?: unknown;
  apiVersion?: string;
  headers?: Record<string, string>;
}

type MoreRoutes = Route[] | ((parts: { resources: Resources; entra: Entra; clock: Clock }) => Route[]);

/** Resource Manager with its providers on a loopback port, and a clock that stands still. */
export async function startArmServer(more: MoreRoutes = [], { rateLimits = false } = {}) {
  const clock = createManualClock();
  const faults = createFaults(clock);
  const db = openDatabase(':memory:');
  const resources = createResources(db, clock);
  const propagation = createGrantPropagation<RoleAssignment>({ faults, clock });
  const assignments = createRoleAssignments(db, clock, propagation);
  const principals = createDirectory(db, clock);
  const roles = createRoleDefinitions(db, clock);
  const denyAssignments = createDenyAssignments(db, clock);
  const access = createAccess({ db, roles, denyAssignments, propagation });
  const created: string[] = [];
  const deleted: string[] = [];
  const errors: unknown[] = [];
  const entra = trustingEntra(principals);

  const agentFor = createAgentFor({ agent: new Agent(), allowOtherHosts: false });
  const webhooks = createWebhooks({
    db,
    clock,
    resources,
    agentFor,
    logError: (_message, error) => errors.push(error),
  });

  const orders: ImportOrder[] = [];
  const imports: Imports = {
    check: () => {},
    run: async (order) => {
      orders.push(order);
    },
  };

  const others = [
    ...authorizationRoutes({
      assignments,
      roles,
      denyAssignments,
      resources,
      principals,
      access,
      subscription,
    }),
    ...containerRegistryRoutes({
      resources,
      clock,
      storedBytes: () => 42,
      onCreated: async (loginServer) => void created.push(loginServer),
      onDeleted: (loginServer) => deleted.push(loginServer),
      webhooks,
      access,
      imports,
      agentFor,
    }),
    ...managedIdentityRoutes({ resources, entra }),
    ...managementRoutes({ subscription, access }),
    ...(typeof more === 'function' ? more({ resources, entra, clock }) : more),
  ];
  const own = createResourcesProvider({ subscription, resources, access, clock, routes: others });
  const routes = [...others, ...own.routes];
  const handler = createResourceManager({
    entra,
    access,
    resources,
    clock,
    routes,
    subscription,
    rateLimits: createRateLimits(clock, rateLimits),
    logError: (_message, error) => errors.push(error),
  });
  const { origin, close } = await startHttpServer(handler);

  const principal = (name: string) => principals.createApplication(name).principal;
  const grant = (to: Principal, roleName: string, scope: string) =>
    assignments.put({
      name: crypto.randomUUID(),
      scope,
      principalId: to.id,
      principalType: principalTypeOf(to),
      roleName: builtInRoles.find((role) => role.roleName === roleName)!.name,
      createdBy: to.id,
    });
  const owner = principal('owner');
  grant(owner, 'Owner', root);

  async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { as = owner, body, apiVersion = newestApiVersion(path), headers } = options;
    const separator = path.includes('?') ? '&' : '?';
    const response = await fetch(`${origin}${path}${separator}api-version=${apiVersion}`, {
      method,
      headers: {
        authorization: `Bearer ${as.id}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  return {
    origin,
    call,
    routes,
    owner,
    principal,
    principals,
    grant,
    assignments,
    access,
    denyAssignments,
    resources,
    created,
    deleted,
    errors,
    facts: createRegistryLookup(resources),
    webhooks,
    /** What was asked for, and what a test may put in place of it. */
    orders,
    imports,
    advance: clock.advance,
    faults,
    /** What a start does after a process was killed. */
    resume: own.resume,
    async close() {
      await close();
      await webhooks.close();
      db.close();
    },
  };
}

export type ArmServer = Awaited<ReturnType<typeof startArmServer>>;

/** Stands in for Entra ID where tokens are not what is tested: a principal's object id is its token. */
function trustingEntra(principals: Directory): Entra {
  const unused = () => {
    throw new Error('not part of these tests');
  };
  return {
    tenantId: subscription.tenantId,
    principals,
    federatedCredentials: principals.federatedCredentials,
    issueToken: unused,
    login: unused,
    graph: unused,
    verifyToken: async (token) => {
      const caller = principals.get(token);
      if (!caller || caller.kind === 'Group') throw new TokenRefused('malformed', 'no such principal');
      const program =
        caller.kind === 'User' ? { appid: 'az', upn: caller.userPrincipalName } : { appid: caller.appId };
      const times = { iat: 0, nbf: 0, exp: 0 };
      return { aud: '', iss: '', tid: subscription.tenantId, oid: caller.id, ...program, ...times };
    },
  };
}
