import fc from 'fast-check';
import { expect, test } from 'vitest';
import { azureHost, domains, parseAuthority } from './hosts.ts';
import { connectTarget, plainTarget } from './targets.ts';

const rules = { exists: () => true, allowOtherHosts: false };

test.each([
  ['management.azure.com', 'management', ''],
  ['MANAGEMENT.azure.com.', 'management', ''],
  ['hoge.azurecr.io', 'registry', 'hoge'],
  ['hoge.japaneast.data.azurecr.io', 'registry-data', 'hoge'],
  ['hoge-app-staging.azurewebsites.net', 'site', 'hoge-app-staging'],
  ['hoge-app.scm.azurewebsites.net', 'scm', 'hoge-app'],
])('%s belongs to %s', (host, service, name) => expect(azureHost(host)).toMatchObject({ service, name }));

test.each([
  'azurecr.io',
  'azurewebsites.net',
  'a.b.azurecr.io',
  'a.b.azurewebsites.net',
  '-a.azurecr.io',
  'xmanagement.azure.com',
  'management.azure.com.example.com',
  'management.azure.com@example.com',
])('%s belongs to none', (host) => expect(azureHost(host)).toBeUndefined());

const hostName = fc.oneof(
  fc.string(),
  fc.domain(),
  fc.constantFrom(...domains).map((domain) => `x.${domain}`),
);

test('every host that is answered for lies within what the certificate authority may sign', () => {
  fc.assert(
    fc.property(hostName, (name) => {
      const host = azureHost(name)?.host;
      if (host !== undefined)
        expect(domains.some((domain) => host === domain || host.endsWith(`.${domain}`))).toBe(true);
    }),
  );
});

test('whatever is asked for has a target, and the text of a refusal fits on its lines', () => {
  fc.assert(
    fc.property(fc.string(), fc.option(hostName, { nil: undefined }), (url, host) => {
      for (const target of [connectTarget(url, rules), plainTarget(url, host, 4280, rules)])
        if (target.kind === 'refuse') expect(target.reason).not.toMatch(/[\r\n]/);
    }),
  );
});

test.each([
  ['a:1', { host: 'a', port: 1 }],
  ['[::1]:443', { host: '[::1]', port: 443 }],
  ['A.b', { host: 'a.b' }],
  ['', undefined],
  ['a:b', undefined],
  ['user@a:1', undefined],
  ['::1', undefined],
])('the authority %j is read as %j', (text, expected) => expect(parseAuthority(text)).toEqual(expected));
