import { expect, test } from 'vitest';
import { registryId } from '../../../test/snapshots.ts';
import { assignmentName, scopeLabel } from './role-assignment-write.ts';

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
