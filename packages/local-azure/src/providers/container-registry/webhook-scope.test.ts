import { expect, test } from 'vitest';
import { isInScope, isScope } from './webhook-scope.ts';

test.each([
  ['', 'team/app', '1', true],
  ['', 'team/app', undefined, true],
  ['team/app:*', 'team/app', '1', true],
  ['team/app:*', 'team/app', undefined, true],
  ['team/app:*', 'team/app2', '1', false],
  ['team/app:*', 'team', '1', false],
  ['team/app:1', 'team/app', '1', true],
  ['team/app:1', 'team/app', '10', false],
  ['team/app:1', 'team/app', undefined, false],
  ['team/app', 'team/app', 'latest', true],
  ['team/app', 'team/app', '1', false],
])("scope '%s': what happens to %s:%s is within it: %s", (scope, repository, tag, expected) => {
  expect(isInScope(scope, repository, tag)).toBe(expected);
});

test.each(['Team/app', 'app:', ':1', 'app:1:2', 'app*', 'app:v*', '../app', '*'])(
  "'%s' is no scope",
  (scope) => {
    expect(isScope(scope)).toBe(false);
  },
);
