import { expect, test } from 'vitest';
import { parseDelegatedScope, resourceOfScope } from './scope.ts';

const guid = '797f4846-ba00-4fd7-ba43-dac1f8f63013';

test.each([
  ['https://management.azure.com/.default', 'https://management.azure.com'],
  ['https://management.core.windows.net//.default', 'https://management.core.windows.net/'],
  ['https://graph.microsoft.com/.default openid profile offline_access', 'https://graph.microsoft.com'],
  [`${guid}/.default`, guid],
  ['api://hoge/.default', 'api://hoge'],
])('the scope %s names %s', (scope, resource) => expect(resourceOfScope(scope)).toBe(resource));

test.each([
  ['https://graph.microsoft.com/User.Read', 1002012],
  ['User.Read', 70011],
  ['hoge/.default', 70011],
  ['https://a/.default https://b/.default', 70011],
  ['openid', 70011],
])('the scope %s is refused with AADSTS%i', (scope, code) =>
  expect(() => resourceOfScope(scope)).toThrow(expect.objectContaining({ code })),
);

test.each([
  [
    'https://management.core.windows.net//.default offline_access openid profile',
    'https://management.core.windows.net/',
    true,
  ],
  ['https://management.azure.com/user_impersonation', 'https://management.azure.com', false],
  ['User.Read openid', 'https://graph.microsoft.com', true],
  ['https://graph.microsoft.com/User.Read Group.Read.All', 'https://graph.microsoft.com', false],
  ['openid', 'https://graph.microsoft.com', true],
])('a user is asked for %s, which names %s', (scope, resource, wantsIdToken) =>
  expect(parseDelegatedScope(scope)).toMatchObject({ resource, wantsIdToken }),
);

test.each([
  ['https://management.azure.com/.default User.Read', 28000],
  ['hoge/.default', 70011],
])('a user cannot be asked for %s: AADSTS%i', (scope, code) =>
  expect(() => parseDelegatedScope(scope)).toThrow(expect.objectContaining({ code })),
);
