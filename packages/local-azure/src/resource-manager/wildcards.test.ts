import { expect, test } from 'vitest';
import { matchesAction } from './wildcards.ts';

test.each([
  ['*', 'Microsoft.Web/sites/read', true],
  ['*/read', 'Microsoft.Web/sites/read', true],
  ['*/read', 'Microsoft.Web/sites/write', false],
  ['microsoft.web/SITES/read', 'Microsoft.Web/sites/Read', true],
  ['Microsoft.Web/sites/*', 'Microsoft.Web/sites/slots/read', true],
  ['Microsoft.Web/sites*', 'Microsoft.Web/sites/read', true],
  ['Microsoft.Web/*/read', 'Microsoft.Web/sites/slots/read', true],
  ['Microsoft.Web/*/read', 'Microsoft.Web/read', true],
  ['Microsoft.Web/*/*/read', 'Microsoft.Web/read', true],
  ['Microsoft.Web/*/read', 'Microsoft.Webread', false],
  ['Microsoft.Web/s*s/read', 'Microsoft.Web/sites/read', true],
  ['Microsoft.Web/sites/*', 'Microsoft.Web/sites', false],
])('%s names %s: %s', (pattern, action, isNamed) => {
  expect(matchesAction(pattern, action)).toBe(isNamed);
});
