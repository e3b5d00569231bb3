import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultSiteConfig, mergeSiteConfig } from './site-config.ts';
import { hostName, isValidSiteName, siteHost, siteNameOf, workerName } from './site-names.ts';

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['keeps what is not mentioned', { alwaysOn: true }, { linuxFxVersion: '' }],
  ['takes null for not mentioned', { linuxFxVersion: null }, { linuxFxVersion: '' }],
  ['knows names whatever their case', { LinuxFxVersion: 'DOCKER|a' }, { linuxFxVersion: 'DOCKER|a' }],
  ['reads flags from text', { acrUseManagedIdentityCreds: 'True' }, { acrUseManagedIdentityCreds: true }],
  ['reads numbers from text', { numberOfWorkers: '3' }, { numberOfWorkers: 3 }],
])('a change of the configuration %s', (_what, changes, expected) => {
  expect(mergeSiteConfig(defaultSiteConfig, changes)).toMatchObject(expected);
});

test('what App Service does not know is dropped', () => {
  expect(mergeSiteConfig({}, { invented: 1 })).toEqual({});
});

test.each<[Record<string, unknown>]>([
  [{ alwaysOn: 'perhaps' }],
  [{ alwaysOn: 1 }],
  [{ numberOfWorkers: 1.5 }],
  [{ linuxFxVersion: {} }],
  [{ defaultDocuments: 'index.html' }],
  [{ cors: [] }],
])('%j is refused by name', (changes) => {
  const [name] = Object.keys(changes);
  expect(() => mergeSiteConfig({}, changes)).toThrow(`The parameter ${name} has an invalid value.`);
});

test('any JSON is merged or refused, and what was merged merges again', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...Object.keys(defaultSiteConfig), 'other'), fc.jsonValue()),
      (changes) => {
        let once: Record<string, unknown>;
        try {
          once = mergeSiteConfig(defaultSiteConfig, changes);
        } catch (error) {
          expect((error as Error).message).toMatch(/has an invalid value/);
          return;
        }
        expect(mergeSiteConfig(once, once)).toEqual(once);
      },
    ),
    { examples: [[{ numberOfWorkers: { toString: null } }], [{ alwaysOn: ['true'] }]] },
  );
});

test.each([
  ['/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/Hoge', 'Hoge', 'hoge.azurewebsites.net'],
  [
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/hoge/slots/staging/config/web',
    'hoge__staging',
    'hoge-staging.azurewebsites.net',
  ],
])('the names of %s', (id, worker, host) => {
  expect([workerName(siteNameOf(id)), hostName(siteNameOf(id))]).toEqual([worker, host]);
});

test('the scm host is the site', () => {
  expect(siteHost('Hoge.scm.azurewebsites.net')).toBe('hoge.azurewebsites.net');
});

test.each<[string, string | undefined, boolean]>([
  ['hoge-app', undefined, true],
  ['a', undefined, false],
  ['-a', undefined, false],
  ['a-', undefined, false],
  ['a_b', undefined, false],
  ['a'.repeat(60), undefined, true],
  ['a'.repeat(61), undefined, false],
  ['hoge', 'staging', true],
  ['hoge', 'production', false],
  ['a'.repeat(59), 'staging', false],
])('name %s, slot %s: %s', (app, slot, valid) => {
  expect(isValidSiteName(slot === undefined ? { app } : { app, slot })).toBe(valid);
});
