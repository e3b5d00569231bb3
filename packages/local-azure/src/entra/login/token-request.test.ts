import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EntraError } from './entra-error.ts';
import { parseTokenRequest } from './token-request.ts';

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
    const expected = {
      grant: 'client credentials',
      clientId: 'id',
      proof: { secret: 'secret' },
      resource: 'https://management.azure.com',
    };
    expect(read({})).toEqual(expected);
    const basic = `Basic ${btoa('id:secret')}`;
    expect(read({ client_id: undefined, client_secret: undefined }, basic)).toEqual(expected);
  });

  test('may prove the client by an assertion', () => {
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const asserting = { client_secret: undefined, client_assertion: 'a.b.c' };
    expect(read({ ...asserting, client_assertion_type: type })).toMatchObject({
      proof: { assertion: 'a.b.c' },
    });
    expect(() => read({ ...asserting, client_assertion_type: 'saml' })).toThrow(
      expect.objectContaining({ code: 900144 }),
    );
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

  const grantTypes = ['client_credentials', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'];
  const anyForm = fc
    .record({ grant_type: fc.constantFrom(...grantTypes), scope: fc.string() }, { requiredKeys: [] })
    .chain((known) => fc.dictionary(fc.string(), fc.string()).map((other) => ({ ...other, ...known })));

  test('never fails but with an error of Entra', () => {
    fc.assert(
      fc.property(anyForm, fc.string(), fc.constantFrom('v1', 'v2'), (form, authorization, version) => {
        try {
          parseTokenRequest(new URLSearchParams({ ...whole, ...form }), `Basic ${authorization}`, version);
        } catch (error) {
          expect(error).toBeInstanceOf(EntraError);
        }
      }),
    );
  });
});
