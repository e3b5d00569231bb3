import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { denied, identityOf, type SiteChanges, snapshotOf } from '../../test/snapshots.ts';
import { type AppSettingFacts, known, type Snapshot } from './snapshot.ts';
import { afterSwap, warmedUp } from './swap.ts';

const stored: AppSettingFacts = { registryHost: 'hoge.azurecr.io', username: 'other', password: true };

function swapOf(changes: {
  production?: SiteChanges;
  staging?: SiteChanges;
  names?: Snapshot['slotSettingNames'];
}) {
  const snapshot = snapshotOf({
    sites: [changes.production ?? {}, { slot: 'other' }, { slot: 'staging', ...changes.staging }],
    slotSettingNames: changes.names ?? known([]),
  });
  const [target, , source] = snapshot.sites;
  return { snapshot, swap: { source: source!, target: target! } };
}
function after(changes: Parameters<typeof swapOf>[0]) {
  const { snapshot, swap } = swapOf(changes);
  const [production, other, staging] = afterSwap(snapshot, swap).sites;
  expect(other).toEqual(snapshot.sites[1]);
  return { production: production!, staging: staging! };
}

test('the image travels; identity, flag and client id stay', () => {
  const { production, staging } = after({
    production: { config: { linuxFxVersion: 'DOCKER|a:1', acrUseManagedIdentityCreds: false } },
    staging: {
      identity: identityOf('user'),
      config: { linuxFxVersion: 'DOCKER|b:2', windowsFxVersion: 'w', acrUserManagedIdentityID: 'c' },
    },
  });
  expect(production).toMatchObject({
    identity: { type: 'SystemAssigned' },
    hostName: 'hoge-app.azurewebsites.net',
    config: {
      value: {
        linuxFxVersion: 'DOCKER|b:2',
        windowsFxVersion: 'w',
        acrUseManagedIdentityCreds: false,
        acrUserManagedIdentityID: null,
      },
    },
  });
  expect(staging).toMatchObject({
    slot: 'staging',
    identity: { type: 'UserAssigned' },
    config: {
      value: {
        linuxFxVersion: 'DOCKER|a:1',
        windowsFxVersion: '',
        acrUseManagedIdentityCreds: true,
        acrUserManagedIdentityID: 'c',
      },
    },
  });
});

describe('app settings', () => {
  test('travel', () => {
    const { production, staging } = after({ staging: { appSettings: stored } });
    expect(production.appSettings).toEqual(known(stored));
    expect(staging.appSettings).toEqual(known({ password: false }));
  });

  test('stay where they are slot settings, whatever case their names have', () => {
    const names = known(['docker_registry_server_password', 'DOCKER_REGISTRY_SERVER_USERNAME']);
    const { production, staging } = after({ staging: { appSettings: stored }, names });
    expect(production.appSettings).toEqual(known({ registryHost: 'hoge.azurecr.io', password: false }));
    expect(staging.appSettings).toEqual(known({ username: 'other', password: true }));
  });

  test('of the target that are slot settings are those with which the source is warmed up', () => {
    const { snapshot, swap } = swapOf({
      production: { appSettings: stored },
      staging: { appSettings: { password: false, defaultsTravel: true } },
      names: known(['DOCKER_REGISTRY_SERVER_USERNAME']),
    });
    expect(warmedUp(snapshot, swap)).toEqual({
      ...swap.source,
      appSettings: known({ username: 'other', password: false, defaultsTravel: true }),
    });
  });
});

describe('what is not known before', () => {
  test.each<[string, Parameters<typeof swapOf>[0], string[]]>([
    ['which settings are slot settings', { names: denied('a') }, ['appSettings']],
    ['the settings of one slot', { staging: { appSettings: denied('a') } }, ['appSettings']],
    ['the configuration of one slot', { production: { config: denied('a') } }, ['config']],
    ['containers', { staging: { containers: known([{} as never]) } }, ['containers']],
  ])('%s is not known after', (_, changes, facts) => {
    for (const site of Object.values(after(changes))) {
      const unknowns = (['config', 'appSettings', 'containers'] as const).filter((fact) => !site[fact].known);
      expect(unknowns).toEqual(facts);
    }
  });
});

test('a second swap takes the first one back', () => {
  const settings = fc.record(
    {
      registryHost: fc.constantFrom('a.azurecr.io', 'b.azurecr.io'),
      username: fc.constantFrom('admin' as const, 'other' as const),
      password: fc.boolean(),
      defaultsTravel: fc.constant(true as const),
    },
    { requiredKeys: ['password'] },
  );
  const site = fc.record({
    appSettings: settings,
    config: fc.record({ linuxFxVersion: fc.string(), acrUseManagedIdentityCreds: fc.boolean() }),
  });
  const names = fc.subarray(['DOCKER_REGISTRY_SERVER_URL', 'DOCKER_REGISTRY_SERVER_PASSWORD', 'MODE']);
  fc.assert(
    fc.property(site, site, names, (production, staging, names) => {
      const { snapshot, swap } = swapOf({ production, staging, names: known(names) });
      const once = afterSwap(snapshot, swap);
      const [target, , source] = once.sites;
      const facts = ({ sites }: Snapshot) =>
        sites.map(({ config, appSettings }) => ({ config, appSettings }));
      expect(facts(afterSwap(once, { source: source!, target: target! }))).toEqual(facts(snapshot));
    }),
  );
});
