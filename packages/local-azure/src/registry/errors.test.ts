import { expect, test } from 'vitest';
import { nameUnknown, toRegistryError } from './errors.ts';

test.each([
  ['a full disk', Object.assign(new Error('ENOSPC: /secret/path'), { code: 'ENOSPC' }), 507],
  ['a full database', Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }), 507],
  ['a used-up quota', Object.assign(new Error('EDQUOT: /secret/path'), { code: 'EDQUOT' }), 507],
  ['a fault of ours', new TypeError('/secret/path'), 500],
  ['a thrown nothing', undefined, 500],
])('%s is told without its inner text', (_, error, status) => {
  const refusal = toRegistryError(error);
  expect(refusal.status).toBe(status);
  expect(refusal.message).not.toContain('secret');
});

test('a refusal stays what it is', () => {
  const refusal = nameUnknown('a');
  expect(toRegistryError(refusal)).toBe(refusal);
});
