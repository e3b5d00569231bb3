import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer, subscription } from '../../../test/arm-server.ts';

const groups = '/providers/Microsoft.Management/managementGroups';
const rootGroup = `${groups}/${subscription.tenantId}`;
const elevate = '/providers/Microsoft.Authorization/elevateAccess';
let arm: ArmServer;

beforeAll(async () => {
  arm = await startArmServer();
});
afterAll(() => arm.close());

test('the root group holds the subscription, and shows itself to who may read it', async () => {
  const reader = arm.principal('reader');
  arm.grant(reader, 'Management Group Reader', rootGroup);
  const list = async (as = arm.owner) => (await arm.call('GET', groups, { as })).body.value;
  expect(await list()).toEqual([]);
  expect(await list(reader)).toMatchObject([
    { id: rootGroup, name: subscription.tenantId, properties: { displayName: 'Tenant Root Group' } },
  ]);
  const read = (query: string) => arm.call('GET', `${rootGroup.toUpperCase()}${query}`, { as: reader });
  expect((await read('')).body.properties.children).toBeUndefined();
  expect((await read('?$expand=children')).body).toMatchObject({
    id: rootGroup,
    properties: { children: [{ id: root, type: '/subscriptions', displayName: 'Test' }] },
  });
  expect((await arm.call('GET', rootGroup)).body.error.message).toContain(
    `'Microsoft.Management/managementGroups/read' over scope '${rootGroup}'`,
  );
});

test('there is no other, and none can be made', async () => {
  const admin = arm.principal('admin');
  arm.grant(admin, 'Owner', '/');
  const missing = await arm.call('GET', `${groups}/other`, { as: admin });
  expect([missing.status, missing.body.error.code]).toEqual([404, 'NotFound']);
  for (const method of ['PUT', 'PATCH', 'DELETE'])
    expect((await arm.call(method, `${groups}/other`, { as: admin, body: {} })).status).toBe(501);
});

test('who administers the directory may take the right to manage access everywhere', async () => {
  const { principal: admin } = arm.principals.createApplication('admin', { isDirectoryAdmin: true });
  const assignments = `${rootGroup}/providers/Microsoft.Authorization/roleAssignments`;
  expect((await arm.call('GET', assignments, { as: admin })).status).toBe(403);
  for (let i = 0; i < 2; i++) expect((await arm.call('POST', elevate, { as: admin })).status).toBe(200);
  expect(arm.assignments.ofPrincipal(admin.id)).toHaveLength(1);
  expect((await arm.call('GET', assignments, { as: admin })).status).toBe(200);

  const refused = await arm.call('POST', elevate);
  expect(refused.body.error.message).toContain(
    "does not have authorization to perform action 'Microsoft.Authorization/elevateAccess/action' over scope '/'",
  );
});
