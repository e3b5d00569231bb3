import { afterAll, beforeAll } from 'vitest';
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
