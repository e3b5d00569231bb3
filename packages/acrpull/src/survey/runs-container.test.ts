import { expect, test } from 'vitest';
import { siteOf, snapshotOf } from '../../test/snapshots.ts';
import type { SiteResource } from '../pull-path/site-resource.ts';
import { hasNoContainer, runsContainer } from './runs-container.ts';

const listed = (kind: string, properties: Partial<SiteResource['properties']> = {}): SiteResource => ({
  id: 'i',
  name: 'n',
  kind,
  properties: { defaultHostName: 'n.azurewebsites.net', ...properties },
});
const linuxFx = (linuxFxVersion: string | null) => ({ reserved: true, siteConfig: { linuxFxVersion } });

test.each<[string, SiteResource, boolean | undefined]>([
  ['a Linux container', listed('app,linux,container'), true],
  ['a container function', listed('functionapp,linux,container'), true],
  ['a Linux app of whose configuration the list says nothing', listed('app,linux', linuxFx(null)), undefined],
  ['one of which it says the stack', listed('app,linux', linuxFx('PYTHON|3.12')), false],
  [
    'one that runs an image, whatever its kind',
    listed('app,linux', linuxFx('DOCKER|a.azurecr.io/b:1')),
    true,
  ],
  ['one whose kind is of before', listed('app,linux,container', linuxFx('NODE|20-lts')), false],
  ['sidecars', listed('app,linux', linuxFx('SITECONTAINERS')), true],
  ['a Windows app', listed('app'), false],
  ['a Windows container', listed('app', { hyperV: true }), true],
])('by a list: %s', (_, site, expected) => expect(runsContainer(site)).toBe(expected));

test.each<[string, string, string, boolean]>([
  ['a stack', 'app,linux', 'NODE|20-lts', true],
  ['nothing', 'app,linux', '', true],
  ['nothing, where a container is meant', 'app,linux,container', '', false],
  ['an image', 'app,linux', 'DOCKER|hoge.azurecr.io/app:1', false],
])('by the configuration: %s', (_, kind, linuxFxVersion, expected) => {
  const snapshot = snapshotOf({ sites: [siteOf({ config: { linuxFxVersion } })] });
  expect(hasNoContainer(snapshot, listed(kind))).toBe(expected);
});
