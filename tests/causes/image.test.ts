import { afterAll, beforeAll, expect, test } from 'vitest';
import { machineArchitecture } from '../../packages/local-azure/src/app-service/manifest.ts';
import { type CauseOnTheWire, testCauses } from './cause.ts';
import { type Setting, startSetting } from './setting.ts';

// What is wrong with an image that is there, and that the identity may pull. No machine of today is an s390x, so that
// the test holds wherever it runs.

let setting: Setting;
beforeAll(async () => {
  setting = await startSetting();
});
afterAll(() => setting?.stop());

const image = (tag: string) => `hoge.azurecr.io/hello:${tag}`;
const useHello: CauseOnTheWire['mend'] = (site, { configure }) =>
  configure(site, { linuxFxVersion: `DOCKER|${image('0.1.0')}` });

/** The site names an index that has nothing but an image for this platform. */
const forPlatform = (id: string, platform: { os: string; architecture: string }): CauseOnTheWire => ({
  id,
  breakIt: async (site, { pushIndex, registry, configure }) => {
    const tag = `${platform.os}-${platform.architecture}`;
    await pushIndex(registry, tag, platform);
    await configure(site, { linuxFxVersion: `DOCKER|${image(tag)}` });
  },
  mend: useHello,
});

testCauses(
  () => setting,
  [
    forPlatform('E4', { os: 'linux', architecture: 's390x' }),
    forPlatform('E5', { os: 'windows', architecture: 'amd64' }),
  ],
);

// No pull fails, and no interface shows what runs: the site's own log does.
test.concurrent('F5: a tag that is pushed again reaches the site by a restart alone', async () => {
  const { healthySite, pushIndex, registry, grant, principalOf, restart, log, doctor } = setting;
  const machine = { os: 'linux', architecture: machineArchitecture };
  await pushIndex(registry, 'again', machine);
  const site = await healthySite('f5', { image: image('again') });
  await grant(registry, await principalOf(site));
  const [pulled] = digestsIn(await restart(site));
  await pushIndex(registry, 'again', { ...machine, 'os.version': '2' });
  expect(await doctor(site)).toMatchObject([{ firstBroken: null, findings: [{ id: 'C1' }] }]);
  expect(digestsIn(await log(site)).at(-1)).toBe(pulled);
  expect(digestsIn(await restart(site))).not.toContain(pulled);
});
const digestsIn = (log: string) => log.match(/sha256:[0-9a-f]{64}/g) ?? [];

// No pull fails: what is pushed never reaches production, and whoever waits for it looks for a fault of the pull.
test.concurrent('F3: a webhook that is answered with 401 is told of, and that one tag restarts two sites', async () => {
  const { healthySite, arm, pushIndex, registry, doctor } = setting;
  const slot = await healthySite('f3', { image: image('hooked'), slot: 'staging' });
  const production = slot.replace(/\/slots\/.*/, '');
  const tag = () => pushIndex(registry, 'hooked', { os: 'linux', architecture: 'amd64' });
  const setBasicAuth = (allow: boolean) =>
    arm('PUT', `${production}/basicPublishingCredentialsPolicies/scm`, '2023-12-01', {
      properties: { allow },
    });
  for (const site of [production, slot]) {
    const { properties } = await arm('POST', `${site}/config/publishingcredentials/list`, '2023-12-01');
    await arm('PUT', `${registry}/webhooks/hook${site === slot ? 'staging' : 'production'}`, '2025-11-01', {
      location: 'japaneast',
      properties: {
        serviceUri: `${properties.scmUri}/api/registry/webhook`,
        actions: ['push'],
        scope: 'hello:hooked',
      },
    });
  }
  const found = async () => {
    const sites = await doctor(production);
    return sites.map(({ findings }) => findings.map(({ id }) => id).filter((id) => id.startsWith('F')));
  };

  await setBasicAuth(false);
  await tag();
  await expect.poll(found).toEqual([['F3', 'F6'], ['F6']]);
  await setBasicAuth(true);
  await tag();
  await expect.poll(found).toEqual([['F6'], ['F6']]);
});
