import { expect, test } from 'vitest';
import { snapshotOf } from '../../test/snapshots.ts';
import { requireContainerApp } from './require-container-app.ts';

const withImage = (linuxFxVersion: string) => snapshotOf({ site: { config: { linuxFxVersion } } });

test.each([
  'DOCKER|hoge.azurecr.io/hello:0.1.0',
  '',
  'hoge.azurecr.io/hello',
  'COMPOSE|dmVyc2lvbg==',
  'SITECONTAINERS',
])('"%s" may be a container app', (linuxFxVersion) =>
  expect(() => requireContainerApp(withImage(linuxFxVersion))).not.toThrow(),
);

test('an app that runs code in every slot is none', () => {
  const app = withImage('NODE|20-lts');
  expect(() => requireContainerApp(app)).toThrow(
    'hoge-app is no container app: linuxFxVersion is NODE|20-lts.',
  );
  const slot = withImage('DOCKER|hoge.azurecr.io/hello:0.1.0').sites[0]!;
  expect(() => requireContainerApp({ ...app, sites: [...app.sites, slot] })).not.toThrow();
});
