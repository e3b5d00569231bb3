import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EntraError } from './entra-error.ts';
import { parseTokenRequest, resourceOfScope } from './token-request.ts';

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

describe('a token request', () => {
  const whole = {
    grant_type: 'client_credentials',
    client_id: 'id',
    client_secret: 'secret',
    scope: 'https://management.azure.com/.default',
  };
  const read = (change: Record<string, string | undefined>, authorization?: string) => {
    const entries = Object.entries({ ...whole, ...change }).filter(([, value]) => value !== undefined);
    return parseTokenRequest(new URLSearchParams(entries as [string, string][]), authorization, 'v2');
  };

  test('is read from the form, or from Basic credentials', () => {
    const expected = { clientId: 'id', secret: 'secret', resource: 'https://management.azure.com' };
    expect(read({})).toEqual(expected);
    const basic = `Basic ${btoa('id:secret')}`;
    expect(read({ client_id: undefined, client_secret: undefined }, basic)).toEqual(expected);
  });

  test.each([
    ['grant_type', undefined, 900144],
    ['grant_type', 'password', 70003],
    ['client_id', undefined, 900144],
    ['client_id', '', 900144],
    ['client_secret', undefined, 7000216],
    ['scope', undefined, 900144],
  ])('with %s %s is refused with AADSTS%i', (name, value, code) =>
    expect(() => read({ [name]: value })).toThrow(expect.objectContaining({ code })),
  );

  test('never fails but with an error of Entra', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.string(), (form, authorization) => {
        try {
          parseTokenRequest(new URLSearchParams({ ...whole, ...form }), `Basic ${authorization}`, 'v2');
        } catch (error) {
          expect(error).toBeInstanceOf(EntraError);
        }
      }),
    );
  });
});
