// How long a decision takes with 100,000 role assignments of 10,000 principals, beside a naive one over the same.
import { mkdtemp, rm } from 'node:fs/promises';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccess } from '../packages/local-azure/dist/providers/authorization/access-control.js';
import { createDenyAssignments } from '../packages/local-azure/dist/providers/authorization/deny-assignments.js';
import { createRoleAssignments } from '../packages/local-azure/dist/providers/authorization/role-assignments.js';
import { createRoleDefinitions } from '../packages/local-azure/dist/providers/authorization/role-definitions.js';
import { openDatabase } from '../packages/local-azure/dist/store/database.js';
import { inTransaction } from '../packages/local-azure/dist/store/transaction.js';
import { report } from './report.mjs';

register(new URL('../packages/local-azure/test/typescript-loader.mjs', import.meta.url));
const { naivelyAllowed } = await import('../packages/local-azure/test/naive-access.ts');

const [principals, each, groups, sites, decisions, naiveDecisions] = [10_000, 10, 100, 100, 20_000, 100];
const clock = { now: () => 1 };
const folder = await mkdtemp(join(tmpdir(), 'bench-access-'));
const db = openDatabase(join(folder, 'state.db'));
const roles = createRoleDefinitions(db, clock);
const assignments = createRoleAssignments(db, clock);
const denyAssignments = createDenyAssignments(db, clock);
const world = { assignments: [], denyAssignments: [], members: {} };

// The same numbers in every run.
let seed = 1;
const random = (limit) => {
  seed = (seed * 48271) % 2147483647;
  return seed % limit;
};
const guid = (kind, i) => `${String(kind).padStart(8, '0')}-0000-0000-0000-${String(i).padStart(12, '0')}`;
const subscription = `/subscriptions/${guid(1, 0)}`;
const group = (i) => `${subscription}/resourceGroups/group${i}`;
const site = () => `${group(random(groups))}/providers/Microsoft.Web/sites/site${random(sites)}`;
const principal = () => guid(2, random(principals));

const custom = roles.put(
  {
    name: guid(3, 0),
    roleName: 'Restarts sites',
    description: '',
    assignableScopes: [subscription],
    permissions: [
      {
        actions: ['Microsoft.Web/sites/*'],
        notActions: ['Microsoft.Web/sites/*/Delete'],
        dataActions: [],
        notDataActions: [],
      },
    ],
  },
  guid(2, 0),
);
const held = ['Reader', 'AcrPull', 'Website Contributor', 'Contributor'].map((name) =>
  roles.getByRoleName(name),
);

inTransaction(db, () => {
  for (let i = 0; i < principals * each; i++) {
    const role = [...held, custom][random(held.length + 1)];
    const scope = i % 10 === 0 ? group(random(groups)) : site();
    const principalId = guid(2, i % principals);
    assignments.put({
      name: guid(4, i),
      scope,
      principalId,
      principalType: 'ServicePrincipal',
      roleName: role.name,
      createdBy: principalId,
    });
    world.assignments.push({ principalId, scope, permissions: role.permissions });
  }
  for (let i = 0; i < groups; i++) {
    const denial = {
      scope: group(i),
      doNotApplyToChildScopes: false,
      permissions: [{ actions: ['*/Delete'], notActions: [], dataActions: [], notDataActions: [] }],
      principals: [{ id: guid(0, 0), type: 'SystemDefined' }],
      excludePrincipals: [{ id: principal(), type: 'ServicePrincipal' }],
    };
    denyAssignments.put(
      { ...denial, name: guid(5, i), denyAssignmentName: 'no deletes', isSystemProtected: true },
      guid(0, 0),
    );
    world.denyAssignments.push(denial);
  }
});

const access = createAccess({ db, roles, denyAssignments });
const actions = ['Read', 'Write', 'Delete', 'restart/Action', 'slots/Read'].map(
  (one) => `Microsoft.Web/sites/${one}`,
);
/** One of two asks at a scope where the principal holds something. */
const question = () => {
  const known = world.assignments[random(world.assignments.length)];
  const asked = random(2) === 0 ? known : { principalId: principal(), scope: site() };
  return { ...asked, plane: 'control', action: actions[random(actions.length)] };
};
const timed = (decide, count) => {
  const values = [];
  for (const one of Array.from({ length: count }, question)) {
    const started = performance.now();
    const answer = decide(one);
    values.push((performance.now() - started) * 1000);
    if (count === naiveDecisions && answer !== access.allowed(one.principalId, one.action, one.scope))
      throw new Error(`The two disagree about ${JSON.stringify(one)}`);
  }
  return values;
};

timed(({ principalId, action, scope }) => access.allowed(principalId, action, scope), 2000);
report('A decision with 100,000 role assignments of 10,000 principals and 100 deny assignments', 'µs', [
  {
    name: 'local-azure, by index',
    values: timed(({ principalId, action, scope }) => access.allowed(principalId, action, scope), decisions),
  },
  { name: 'naive, over all', values: timed((one) => naivelyAllowed(world, one), naiveDecisions) },
]);
db.close();
await rm(folder, { recursive: true });
