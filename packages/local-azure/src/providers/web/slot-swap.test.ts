import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSiteConfig } from './site-config.ts';
import type { SlotConfigNames } from './site-documents.ts';
import { slotDifferences } from './slot-differences.ts';
import { afterSwap, type SlotContent, settingsForTarget, slotRules } from './slot-swap.ts';

const noNames: SlotConfigNames = {
  appSettingNames: null,
  connectionStringNames: null,
  azureStorageConfigNames: null,
};
const content = (parts: Partial<SlotContent>): SlotContent => ({
  properties: {},
  web: {},
  appSettings: {},
  connectionStrings: {},
  storageAccounts: {},
  metadata: {},
  logs: {},
  ...parts,
});

/** Whether one thing travels from the source to the target. */
function travels(
  document: keyof SlotContent,
  name: string,
  { names = {}, settings = {}, preserveVnet = true }: Options = {},
): boolean {
  const slots = ['source', 'target'].map((value) => {
    const own = content({ appSettings: settings as Record<string, string> });
    return { ...own, [document]: { ...own[document], [name]: value } } as SlotContent;
  });
  const [source, target] = slots as [SlotContent, SlotContent];
  const stays = slotRules({ ...noNames, ...names }, preserveVnet, slots);
  const [left, right] = [afterSwap(source, target, stays), afterSwap(target, source, stays)];
  const both = [left, right].map((slot) => (slot[document] as Record<string, unknown>)[name]);
  expect([...both].sort()).toEqual(['source', 'target']);
  return both[1] === 'source';
}
interface Options {
  names?: Partial<SlotConfigNames>;
  settings?: Record<string, string>;
  preserveVnet?: boolean;
}

describe('a swap', () => {
  // The two lists of includes/app-service-deployment-slots-settings.md, in its order and words.
  test.each<[string, keyof SlotContent, string]>([
    ['language stack and version', 'web', 'linuxFxVersion'],
    ['the startup command, one of the stack settings', 'web', 'appCommandLine'],
    ['32 bit and 64 bit', 'web', 'use32BitWorkerProcess'],
    ['app settings', 'appSettings', 'GREETING'],
    ['connection strings', 'connectionStrings', 'db'],
    ['mounted storage accounts', 'storageAccounts', 'files'],
    ['handler mappings', 'web', 'handlerMappings'],
    ['path mappings', 'web', 'virtualApplications'],
  ])('takes along: %s', (_what, document, name) => {
    expect(travels(document, name)).toBe(true);
  });

  const byDefault: [string, keyof SlotContent, string][] = [
    ['general settings not mentioned', 'web', 'webSocketsEnabled'],
    ['TLS/SSL settings', 'web', 'minTlsVersion'],
    ['TLS/SSL settings of the site', 'properties', 'httpsOnly'],
    ['scale settings', 'web', 'numberOfWorkers'],
    ['IP restrictions', 'web', 'ipSecurityRestrictions'],
    ['Always On', 'web', 'alwaysOn'],
    ['diagnostic settings', 'logs', 'httpLogs'],
    ['diagnostic settings in config/web', 'web', 'httpLoggingEnabled'],
    ['app settings of diagnostics', 'appSettings', 'WEBSITE_HTTPLOGGING_RETENTION_DAYS'],
    ['CORS', 'web', 'cors'],
    ['settings that end with _EXTENSION_VERSION', 'appSettings', 'FUNCTIONS_EXTENSION_VERSION'],
  ];
  test.each(byDefault)('leaves by default: %s', (_what, document, name) => {
    expect(travels(document, name)).toBe(false);
    const override = 'WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS';
    expect(travels(document, name, { settings: { [override]: '0' } })).toBe(true);
    expect(travels(document, name, { settings: { [override]: 'False' } })).toBe(true);
    expect(travels(document, name, { settings: { [override]: 'true' } })).toBe(false);
  });

  const never: [string, keyof SlotContent, string][] = [
    ['managed identities: the flag', 'web', 'acrUseManagedIdentityCreds'],
    ['managed identities: the client id', 'web', 'acrUserManagedIdentityID'],
    ['publishing endpoints', 'web', 'publishingUsername'],
    ['traffic routing', 'web', 'experiments'],
    ['the plan', 'properties', 'serverFarmId'],
    ['whether it is stopped', 'properties', 'enabled'],
    ['virtual network integration', 'properties', 'virtualNetworkSubnetId'],
    ['virtual network integration in config/web', 'web', 'vnetRouteAllEnabled'],
  ];
  test.each(never)('leaves always: %s', (_what, document, name) => {
    const settings = {
      WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS: '0',
      WEBSITE_OVERRIDE_STICKY_EXTENSION_VERSIONS: '0',
      WEBSITE_OVERRIDE_STICKY_DIAGNOSTICS_SETTINGS: '0',
    };
    expect([travels(document, name), travels(document, name, { settings })]).toEqual([false, false]);
  });

  test.each<[string, keyof SlotContent, string, Options]>([
    [
      'the network, when it is not preserved',
      'properties',
      'virtualNetworkSubnetId',
      { preserveVnet: false },
    ],
    [
      'extension versions, when that is overridden',
      'appSettings',
      'FUNCTIONS_EXTENSION_VERSION',
      { settings: { WEBSITE_OVERRIDE_STICKY_EXTENSION_VERSIONS: '0' } },
    ],
    [
      'diagnostics, when that is overridden',
      'logs',
      'httpLogs',
      { settings: { WEBSITE_OVERRIDE_STICKY_DIAGNOSTICS_SETTINGS: '0' } },
    ],
  ])('takes along %s', (_what, document, name, options) => {
    expect(travels(document, name, options)).toBe(true);
  });

  test('leaves what is marked, whatever its case, and overrides do not touch it', () => {
    const names = {
      appSettingNames: ['greeting'],
      connectionStringNames: ['DB'],
      azureStorageConfigNames: ['files'],
    };
    const settings = { WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS: '0' };
    for (const [document, name] of [
      ['appSettings', 'GREETING'],
      ['connectionStrings', 'db'],
      ['storageAccounts', 'files'],
    ] as const) {
      expect(travels(document, name, { names, settings })).toBe(false);
    }
  });

  test('knows an override only when both slots have it', () => {
    const source = content({
      appSettings: { WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS: '0' },
    });
    expect(slotRules(noNames, true, [source, content({})])('web', 'alwaysOn')).toBe(true);
  });

  test('warms the source up with the settings that stay with the target', () => {
    const source = content({ appSettings: { SLOT: 'staging', VERSION: '2' } });
    const target = content({ appSettings: { SLOT: 'production', VERSION: '1', ONLY: 'there' } });
    const stays = slotRules({ ...noNames, appSettingNames: ['SLOT', 'ONLY'] }, true, [source, target]);
    expect(settingsForTarget(source, target, stays)).toEqual({
      appSettings: { SLOT: 'production', VERSION: '2', ONLY: 'there' },
      connectionStrings: {},
    });
  });
});

const names = ['A', 'b', 'DIAGNOSTICS_X', 'X_EXTENSION_VERSION', '__proto__'];
const override = fc.constantFrom('0', 'false', '1', 'true');
const settings = fc.record(
  {
    ...Object.fromEntries(names.map((name) => [name, fc.string()])),
    WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS: override,
    WEBSITE_OVERRIDE_STICKY_EXTENSION_VERSIONS: override,
  },
  { requiredKeys: [] },
);
const anyContent: fc.Arbitrary<SlotContent> = fc.record({
  properties: fc.dictionary(fc.constantFrom('enabled', 'httpsOnly', 'virtualNetworkSubnetId'), fc.string()),
  web: fc.dictionary(fc.constantFrom(...Object.keys(defaultSiteConfig)), fc.string()),
  appSettings: settings as fc.Arbitrary<Record<string, string>>,
  connectionStrings: fc.dictionary(
    fc.constantFrom(...names),
    fc.record({ value: fc.string(), type: fc.string() }),
  ),
  storageAccounts: fc.dictionary(fc.constantFrom(...names), fc.string()),
  metadata: fc.dictionary(fc.constantFrom(...names), fc.string()),
  logs: fc.dictionary(fc.constantFrom(...names), fc.string()),
});
const anyNames = fc.option(fc.subarray(names));
const anySwap = fc.tuple(
  anyContent,
  anyContent,
  fc.record({
    appSettingNames: anyNames,
    connectionStringNames: anyNames,
    azureStorageConfigNames: anyNames,
  }),
  fc.boolean(),
);

describe('whatever two slots have', () => {
  const entries = (slot: SlotContent) =>
    Object.entries(slot).flatMap(([document, values]) =>
      Object.entries(values).map(([name, value]) => JSON.stringify([document, name, value])),
    );

  test('a swap moves what travels and nothing else, and loses nothing', () => {
    fc.assert(
      fc.property(anySwap, ([a, b, names, preserveVnet]) => {
        const stays = slotRules(names, preserveVnet, [a, b]);
        const [left, right] = [afterSwap(a, b, stays), afterSwap(b, a, stays)];
        expect([...entries(left), ...entries(right)].sort()).toEqual([...entries(a), ...entries(b)].sort());
        const kept = (entry: string) => {
          const [document, name] = JSON.parse(entry) as [keyof SlotContent, string];
          return stays(document, name);
        };
        expect(entries(left).filter(kept).sort()).toEqual(entries(a).filter(kept).sort());
      }),
    );
  });

  test('swapped back, they are as they were', () => {
    fc.assert(
      fc.property(anySwap, ([a, b, names, preserveVnet]) => {
        const rules = (slots: SlotContent[]) => slotRules(names, preserveVnet, slots);
        const [left, right] = [afterSwap(a, b, rules([a, b])), afterSwap(b, a, rules([a, b]))];
        expect(afterSwap(left, right, rules([left, right]))).toEqual(a);
        expect(afterSwap(right, left, rules([left, right]))).toEqual(b);
      }),
    );
  });
});

test('the differences tell what the target will get, keep and miss', () => {
  const source = content({
    web: { linuxFxVersion: 'DOCKER|a:2', alwaysOn: true },
    appSettings: { CHANGED: '2', ADDED: 'x', SAME: 's', STICKY_SAME: 's', STICKY_HERE: 'h', STICKY: '1' },
    connectionStrings: { db: { value: 'one', type: 'Custom' } },
  });
  const target = content({
    web: { linuxFxVersion: 'DOCKER|a:1', alwaysOn: false },
    appSettings: { CHANGED: '1', LOST: 'y', SAME: 's', STICKY_SAME: 's', STICKY: '2' },
    connectionStrings: { db: { value: 'two', type: 'Custom' } },
  });
  const names = { ...noNames, appSettingNames: ['STICKY_SAME', 'STICKY_HERE', 'STICKY'] };
  const rows = slotDifferences(source, target, slotRules(names, true, [source, target]));
  expect(
    rows.map((row) => [
      row.settingType,
      row.settingName,
      row.diffRule,
      row.valueInCurrentSlot,
      row.valueInTargetSlot,
    ]),
  ).toEqual([
    ['General', 'linuxFxVersion', 'SettingsWillBeModifiedInDestination', 'DOCKER|a:2', 'DOCKER|a:1'],
    ['AppSetting', 'CHANGED', 'SettingsWillBeModifiedInDestination', '2', '1'],
    ['AppSetting', 'ADDED', 'SettingsWillBeAddedToDestination', 'x', null],
    ['AppSetting', 'STICKY_SAME', 'SlotSettingsSameValue', 's', 's'],
    ['AppSetting', 'STICKY_HERE', 'SlotSettingsMissing', 'h', null],
    ['AppSetting', 'LOST', 'SettingsNotInSource', null, 'y'],
    ['ConnectionString', 'db', 'SettingsWillBeModifiedInDestination', 'one', 'two'],
  ]);
});
