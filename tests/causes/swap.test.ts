import { afterAll, beforeAll, expect, test } from 'vitest';
import { pulled } from './cause.ts';
import { type Setting, startSetting } from './setting.ts';

// What a swap does to a pull, foretold by doctor and then done: G1 to G3, G5, and the swap after which all is well.

let setting: Setting;
beforeAll(async () => {
  setting = await startSetting(['--engine', 'auto']);
});
afterAll(() => setting?.stop());

const webVersion = '2023-12-01';

/** An app with a slot that pulls from another registry, at which only the slot's identity may. */
async function appWithSlot(name: string) {
  const { healthySite, createRegistry, configure, grant, principalOf } = setting;
  const slot = await healthySite(name, { slot: 'staging' });
  const app = slot.replace('/slots/staging', '');
  const registry = await createRegistry(name.replaceAll('-', ''));
  await grant(registry, await principalOf(slot));
  const image = `${registry.split('/').at(-1)}.azurecr.io/hello:0.1.0`;
  await configure(slot, { linuxFxVersion: `DOCKER|${image}` });
  return { app, slot, registry, image };
}

async function foretell(app: string) {
  const { code, result } = await setting.azure.acrpullJson('doctor', app, '--swap', 'staging');
  const findings = result.sites.map((site: { findings: { id: string; status: string }[] }) =>
    site.findings.filter(({ id }) => id !== 'C1').map(({ id, status }) => `${id} ${status}`),
  );
  return { code, swap: result.swap, findings };
}

/** Swaps staging with production; resolves when it is over, whether or not it went well. */
async function swap(app: string) {
  const { arm, configure } = setting;
  const body = { targetSlot: 'production', preserveVnet: true };
  await arm('POST', `${app}/slots/staging/slotsswap`, webVersion, body);
  // Until then the sites take no other change.
  const isOver = () =>
    configure(app, {}).then(
      () => true,
      () => false,
    );
  await expect.poll(isOver).toBe(true);
}
/** The log of a start beside which no old container answers. */
async function startCold(site: string): Promise<string> {
  for (const action of ['stop', 'start']) await setting.arm('POST', `${site}/${action}`, webVersion);
  return setting.restart(site);
}
const imageOf = async (site: string) =>
  (await setting.arm('GET', `${site}/config/web`, webVersion)).properties.linuxFxVersion;

test('G1: production will pull as an identity that may not; it is so, and granting it beforehand is what mends it', async () => {
  const { app, slot, registry, image } = await appWithSlot('swap-g1');
  const { doctor, grant, principalOf } = setting;
  // Today nothing is wrong.
  expect((await doctor(app)).map(({ firstBroken }) => firstBroken)).toEqual([null, null]);

  const { code, swap: change, findings } = await foretell(app);
  expect(findings).toEqual([['G1 fail', 'B3 fail'], []]);
  expect(code).toBe(1);
  expect(change.sites[0]).toMatchObject({
    name: 'swap-g1',
    image: { before: 'DOCKER|hoge.azurecr.io/hello:0.1.0', after: `DOCKER|${image}` },
    firstBroken: { before: null, after: 'grant' },
  });
  expect(change.sites[0].pulledAs.after).toBe(change.sites[0].pulledAs.before);

  await swap(app);
  expect(await imageOf(app)).toBe(`DOCKER|${image}`);
  expect(await startCold(app)).not.toMatch(pulled);
  expect(await startCold(slot)).toMatch(pulled);
  const [production, staging] = await doctor(app);
  expect(production).toMatchObject({ firstBroken: 'grant' });
  expect(production!.findings.filter(({ status }) => status === 'fail')).toMatchObject([{ id: 'B3' }]);
  expect(staging).toMatchObject({ firstBroken: null });

  await grant(registry, await principalOf(app));
  expect(await startCold(app)).toMatch(pulled);
});

test('a swap after which both may pull is foretold so, and is so', async () => {
  const { app, slot, registry, image } = await appWithSlot('swap-well');
  const { grant, principalOf, doctor } = setting;
  await grant(registry, await principalOf(app));
  expect(await foretell(app)).toMatchObject({ code: 0, findings: [[], []] });

  await swap(app);
  expect(await imageOf(app)).toBe(`DOCKER|${image}`);
  expect(await startCold(app)).toMatch(pulled);
  expect(await startCold(slot)).toMatch(pulled);
  expect((await doctor(app)).map(({ firstBroken }) => firstBroken)).toEqual([null, null]);
});

test('G2: the swap starts a slot that cannot pull, and is given up', async () => {
  const { app, slot, registry, image } = await appWithSlot('swap-g2');
  const { arm, revoke, principalOf, doctor } = setting;
  await revoke(registry, await principalOf(slot));
  await arm('PUT', `${app}/config/slotConfigNames`, webVersion, {
    properties: { appSettingNames: ['MODE'] },
  });

  const { code, findings } = await foretell(app);
  expect(findings[1]).toEqual(['G2 fail']);
  expect(code).toBe(1);

  await swap(app);
  expect(await imageOf(slot)).toBe(`DOCKER|${image}`);
  const [production, staging] = await doctor(app);
  expect([production!.firstBroken, staging!.firstBroken]).toEqual([null, 'grant']);
});

test('G3: the password that production pulls with travels to the slot', async () => {
  const { healthySite, arm, configure, setSettings, createRegistry, doctor } = setting;
  const slot = await healthySite('swap-g3', { slot: 'staging' });
  const app = slot.replace('/slots/staging', '');
  const registry = await createRegistry('swapg3', { adminUserEnabled: true });
  const { username, passwords } = await arm('POST', `${registry}/listCredentials`, '2025-11-01');
  await setSettings(app, {
    DOCKER_REGISTRY_SERVER_URL: 'https://swapg3.azurecr.io',
    DOCKER_REGISTRY_SERVER_USERNAME: username,
    DOCKER_REGISTRY_SERVER_PASSWORD: passwords[0].value,
  });
  await configure(app, {
    linuxFxVersion: 'DOCKER|swapg3.azurecr.io/hello:0.1.0',
    acrUseManagedIdentityCreds: false,
  });
  expect(await startCold(app)).toMatch(pulled);

  const { code, findings } = await foretell(app);
  expect(findings[0]).toEqual(['G3 fail', 'A2 fail']);
  expect(findings[1]).toContain('G3 warn');
  expect(code).toBe(1);

  await swap(app);
  expect(await startCold(app)).not.toMatch(pulled);
  expect((await doctor(app))[0]).toMatchObject({ firstBroken: 'flag' });
});

test('G5: general settings travel when they are told to, and the identity stays', async () => {
  const { app, slot } = await appWithSlot('swap-g5');
  const { arm, configure, setSettings, doctor } = setting;
  for (const site of [app, slot])
    await setSettings(site, { WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS: '0' });
  await configure(slot, { minTlsVersion: '1.3' });

  const { code, findings } = await foretell(app);
  expect(findings[0]).toEqual(expect.arrayContaining(['G1 fail', 'G5 warn']));
  expect(findings[1]).toEqual(['G5 warn']);
  expect(code).toBe(1);

  await swap(app);
  const { properties } = await arm('GET', `${app}/config/web`, webVersion);
  expect(properties.minTlsVersion).toBe('1.3');
  expect(await startCold(app)).not.toMatch(pulled);
  expect((await doctor(app)).map(({ firstBroken }) => firstBroken)).toEqual(['grant', null]);
});
