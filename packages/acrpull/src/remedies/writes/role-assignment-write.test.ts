import { expect, test } from 'vitest';
import { registryId } from '../../../test/snapshots.ts';
import { assignmentName, roleDefinitionId, scopeLabel } from './role-assignment-write.ts';

test('the same grant has the same name, whatever the case, and another principal another', () => {
  const name = assignmentName(registryId, 'p', 'r');
  expect(name).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(assignmentName(registryId.toUpperCase(), 'P', 'R')).toBe(name);
  expect(assignmentName(registryId, 'q', 'r')).not.toBe(name);
});

test.each([
  [registryId, 'registry hoge'],
  ['/subscriptions/s/resourceGroups/blog', 'resource group blog'],
  ['/subscriptions/s', 'subscription s'],
  [
    '/providers/Microsoft.Management/managementGroups/m',
    '/providers/Microsoft.Management/managementGroups/m',
  ],
])('%s is called %s', (scope, label) => expect(scopeLabel(scope)).toBe(label));

test('a scope above the subscriptions names the roles of the tenant', async () => {
  const role = { id: 'r', name: 'AcrPull' };
  expect(roleDefinitionId(registryId, role)).toMatch(/^\/subscriptions\/s\/providers/);
  expect(roleDefinitionId('/providers/Microsoft.Management/managementGroups/m', role)).toMatch(
    /^\/providers/,
  );
});
