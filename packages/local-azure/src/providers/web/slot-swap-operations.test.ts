import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { app, image, siteBody, slot, startWebServer, type WebServer } from '../../../test/web-server.ts';
import { type SlotSwap, SwapFailure } from '../../app-service/site.ts';

let at: WebServer;
/** The app of each test, with a slot `staging` on another image. */
let name: string;
const newer = `${image}-newer`;

beforeAll(async () => {
  at = await startWebServer();
});
afterAll(() => at.close());
beforeEach(async () => {
  at.onSwap = async ({ commit }) => commit();
  const settings = (of: string) => [
    { name: 'SLOT', value: of },
    { name: 'TRAVELS', value: of },
  ];
  const identity = { identity: { type: 'SystemAssigned' } };
  name = await at.makeApp(siteBody({ appSettings: settings('production'), alwaysOn: true }, identity));
  await at.call('PUT', slot(name), {
    body: siteBody({ linuxFxVersion: newer, appSettings: settings('staging') }, identity),
  });
  const names = { properties: { appSettingNames: ['SLOT'] } };
  await at.call('PUT', `${app(name)}/config/slotConfigNames`, { body: names });
  at.takeAsked();
});

const post = (path: string, body?: object) => at.call('POST', path, body === undefined ? {} : { body });
const production = { targetSlot: 'production', preserveVnet: true };

/** Polls as clients do. */
async function finish(started: Awaited<ReturnType<typeof post>>) {
  expect(started.status, JSON.stringify(started.body)).toBe(202);
  const address = started.headers.get('location')!.replace('https://management.azure.com', '').split('?')[0]!;
  let answer = await at.call('GET', address);
  while (answer.status === 202) answer = await at.call('GET', address);
  return answer;
}
const swap = async (from: string, body: object = production) => finish(await post(`${from}/slotsswap`, body));

/** What tells the two sites apart. */
async function look(id: string) {
  const { identity, properties } = (await at.call('GET', id)).body;
  const { linuxFxVersion, alwaysOn } = await at.config(id);
  const { targetSwapSlot, slotSwapStatus } = properties;
  const { SLOT, TRAVELS } = await at.settings(id);
  return {
    principalId: identity.principalId,
    linuxFxVersion,
    alwaysOn,
    SLOT,
    TRAVELS,
    targetSwapSlot,
    slotSwapStatus,
  };
}
const both = async () => [await look(app(name)), await look(slot(name))] as const;

describe('a swap', () => {
  test('moves image and settings; identity, sticky settings and Always On stay', async () => {
    const [before, staging] = await both();
    expect((await swap(slot(name))).status).toBe(200);
    const slotSwapStatus = {
      timestampUtc: '2026-11-23T00:00:00.000Z',
      sourceSlotName: 'staging',
      destinationSlotName: 'production',
    };
    expect(await both()).toEqual([
      { ...before, linuxFxVersion: newer, TRAVELS: 'staging', slotSwapStatus },
      { ...staging, linuxFxVersion: image, TRAVELS: 'production', slotSwapStatus },
    ]);
    expect(at.takeAsked()).toEqual([`swap ${name}/slots/staging`]);
  });

  test('starts the source with the settings that stay with the target', async () => {
    let asked: SlotSwap | undefined;
    at.onSwap = async (swap) => {
      asked = swap;
    };
    await swap(slot(name));
    expect(asked).toMatchObject({
      sourceId: slot(name),
      targetId: app(name),
      settings: { appSettings: { SLOT: 'production', TRAVELS: 'staging' } },
      isPrepared: false,
    });
  });

  test.each([
    ['production as the source', () => app(name), 'staging'],
    ['production by its name as a slot', () => `${app(name)}/slots/Production`, 'staging'],
    ['two slots', () => slot(name), 'other'],
  ])('takes %s', async (_what, from, targetSlot) => {
    await at.call('PUT', slot(name, 'other'), { body: siteBody() });
    expect((await swap(from(), { targetSlot })).status).toBe(200);
    const swapped = targetSlot === 'other' ? slot(name, 'other') : app(name);
    expect((await at.config(swapped)).linuxFxVersion).toBe(newer);
  });

  test('of a source that does not answer fails in the words of Azure, and changes nothing', async () => {
    const before = await both();
    at.onSwap = async () => {
      throw new SwapFailure('the image could not be pulled');
    };
    const { status, body } = await swap(slot(name));
    expect([status, body]).toMatchObject([
      417,
      {
        Code: 'ExpectationFailed',
        Message: `Cannot swap site slots for site '${name}' because the 'staging' slot did not respond to http ping.`,
      },
    ]);
    expect(await both()).toEqual(before);
    at.onSwap = async ({ commit }) => commit();
    expect((await swap(slot(name))).status).toBe(200);
  });

  test('of a stopped source is refused at once', async () => {
    await post(`${slot(name)}/stop`);
    expect((await post(`${slot(name)}/slotsswap`, production)).status).toBe(417);
  });

  test.each([
    ['with itself', { targetSlot: 'STAGING' }, 400],
    ['with a slot that is not there', { targetSlot: 'nope' }, 404],
    ['with what is no slot', { targetSlot: 'staging/config/web' }, 404],
    ['without a target', {}, 400],
    ['with nonsense', { targetSlot: 7 }, 400],
  ])('%s is refused', async (_what, body, status) => {
    for (const operation of ['slotsswap', 'applySlotConfig', 'slotsdiffs']) {
      expect([operation, (await post(`${slot(name)}/${operation}`, body)).status]).toEqual([
        operation,
        status,
      ]);
    }
  });

  test('that breaks off in the middle of its writes is none', async () => {
    const before = await both();
    const { put } = at.resources;
    let writes = 0;
    at.onSwap = async ({ commit }) => {
      for (let most = 0; most < 30; most++) {
        let left = most;
        at.resources.put = (...all) => {
          if (left-- === 0) throw new Error('the disk is full');
          return put(...all);
        };
        try {
          commit();
          writes = most;
          return;
        } catch (error) {
          expect((error as Error).message).toBe('the disk is full');
        } finally {
          at.resources.put = put;
        }
        expect(await both()).toEqual(before);
      }
    };
    expect((await swap(slot(name))).status).toBe(200);
    expect(writes).toBeGreaterThan(10);
    expect((await both())[0].linuxFxVersion).toBe(newer);
  });

  test('whose sites are deleted meanwhile fails, and restores nothing', async () => {
    at.onSwap = async ({ commit }) => {
      await at.call('DELETE', slot(name));
      commit();
    };
    expect((await swap(slot(name))).status).toBe(404);
    expect((await at.call('GET', slot(name))).status).toBe(404);
    expect((await at.config(app(name))).linuxFxVersion).toBe(image);
  });

  test('keeps others from changing the sites while it goes on', async () => {
    let go = () => {};
    at.onSwap = async ({ commit }) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      commit();
    };
    const started = await post(`${slot(name)}/slotsswap`, production);
    for (const id of [slot(name), app(name)]) {
      const refusals = await Promise.all([
        at.call('PATCH', `${id}/config/web`, { body: { properties: { alwaysOn: true } } }),
        at.call('PUT', `${id}/config/appsettings`, { body: { properties: {} } }),
        at.call('PATCH', id, { body: { identity: { type: 'None' } } }),
        at.call('PUT', id, { body: siteBody() }),
        post(`${id}/stop`),
        post(`${slot(name)}/slotsswap`, production),
        post(`${slot(name)}/applySlotConfig`, production),
      ]);
      for (const { status, body } of refusals) {
        expect([status, body.Message]).toEqual([
          409,
          expect.stringContaining(
            'because another operation is in progress. Details: OperationName: SwapSiteSlots',
          ),
        ]);
      }
      expect((await at.call('GET', `${id}/config/web`)).status).toBe(200);
    }
    go();
    expect((await finish(started)).status).toBe(200);
    expect((await post(`${slot(name)}/stop`)).status).toBe(200);
  });
});

describe('a swap with preview', () => {
  const preview = () => post(`${slot(name)}/applySlotConfig`, production);

  test('gives the source the settings of the target, and a reset takes them away', async () => {
    const before = await both();
    expect((await preview()).status).toBe(200);
    expect(at.takeAsked()).toEqual([`restart ${name}/slots/staging`]);
    const [target, source] = await both();
    expect(target).toEqual({ ...before[0], targetSwapSlot: 'staging' });
    expect(source).toEqual({ ...before[1], SLOT: 'production', targetSwapSlot: 'production' });
    expect(at.sites.spec(slot(name))!.appSettings).toEqual({ SLOT: 'production', TRAVELS: 'staging' });

    expect((await post(`${slot(name)}/resetSlotConfig`)).status).toBe(200);
    expect(at.takeAsked()).toEqual([`restart ${name}/slots/staging`]);
    expect(await both()).toEqual(before);
  });

  test.each([
    ['the target', () => app(name)],
    ['the target by its name as a slot', () => `${app(name)}/slots/production`],
  ])('is given up at %s as well', async (_what, id) => {
    const before = await both();
    await preview();
    expect((await post(`${id()}/resetSlotConfig`)).status).toBe(200);
    expect(await both()).toEqual(before);
    expect((await post(`${id()}/resetSlotConfig`)).status).toBe(200);
  });

  test('ends like any swap', async () => {
    const [before, staging] = await both();
    await preview();
    let isPrepared: boolean | undefined;
    at.onSwap = async (swap) => {
      isPrepared = swap.isPrepared;
      expect(swap.settings.appSettings).toEqual({ SLOT: 'production', TRAVELS: 'staging' });
      swap.commit();
    };
    expect((await swap(slot(name))).status).toBe(200);
    expect(isPrepared).toBe(true);
    const slotSwapStatus = expect.objectContaining({ destinationSlotName: 'production' });
    expect(await both()).toEqual([
      { ...before, linuxFxVersion: newer, TRAVELS: 'staging', slotSwapStatus },
      { ...staging, linuxFxVersion: image, TRAVELS: 'production', slotSwapStatus },
    ]);
  });

  test('locks the settings of both, and other swaps of them', async () => {
    await at.call('PUT', slot(name, 'other'), { body: siteBody() });
    await preview();
    const refusals = await Promise.all([
      at.call('PUT', `${slot(name)}/config/appsettings`, { body: { properties: {} } }),
      at.call('PATCH', `${app(name)}/config/web`, { body: { properties: { alwaysOn: true } } }),
      preview(),
      post(`${slot(name)}/slotsswap`, { targetSlot: 'other' }),
      post(`${slot(name, 'other')}/slotsswap`, production),
      post(`${app(name)}/slotsswap`, { targetSlot: 'staging' }),
    ]);
    for (const { status, body } of refusals) {
      expect([status, body.Message]).toEqual([
        409,
        'The slot cannot be changed because its configuration settings have been prepared for swap.',
      ]);
    }
  });

  test('is given up when its source or its target is deleted', async () => {
    await preview();
    await at.call('DELETE', slot(name));
    expect((await look(app(name))).targetSwapSlot).toBeNull();
  });

  test('is refused where somebody must sign in', async () => {
    await at.call('PUT', `${app(name)}/config/authsettings`, { body: { properties: { enabled: true } } });
    const { status, body } = await preview();
    expect([status, body.Message]).toEqual([400, expect.stringContaining('site authentication enabled')]);
  });
});

test('the differences are told row by row', async () => {
  const { body } = await post(`${slot(name)}/slotsdiffs`, production);
  const rows = body.value.map(({ properties }: { properties: Record<string, string> }) => [
    properties.settingType,
    properties.settingName,
    properties.valueInCurrentSlot,
    properties.valueInTargetSlot,
  ]);
  expect(rows).toEqual([
    ['General', 'linuxFxVersion', newer, image],
    ['AppSetting', 'TRAVELS', 'staging', 'production'],
  ]);
});

test.each([
  ['slotsswap', 'Microsoft.Web/sites/slots/slotsswap/Action'],
  ['applySlotConfig', 'Microsoft.Web/sites/slots/applySlotConfig/Action'],
  ['resetSlotConfig', 'Microsoft.Web/sites/slots/resetSlotConfig/Action'],
  ['slotsdiffs', 'Microsoft.Web/sites/slots/slotsdiffs/Action'],
])('%s needs a permission of its own', async (operation, action) => {
  const reader = at.principal('reader');
  at.grant(reader, 'Reader', app(name));
  const { status, body } = await at.call('POST', `${slot(name)}/${operation}`, {
    as: reader,
    body: production,
  });
  expect([status, body.error.message]).toEqual([
    403,
    expect.stringContaining(`'${action}' over scope '${slot(name)}'`),
  ]);
});

test('a swap by targetBuildVersion is not implemented, and says so', async () => {
  const properties = { ...siteBody().properties, targetBuildVersion: 'v2' };
  expect((await at.call('PUT', app(name), { body: { ...siteBody(), properties } })).status).toBe(501);
});

test('auto swap is refused, as it would not be obeyed', async () => {
  const set = (autoSwapSlotName: string) =>
    at.call('PATCH', `${slot(name)}/config/web`, { body: { properties: { autoSwapSlotName } } });
  const { status, body } = await set('production');
  expect([status, body.Message]).toEqual([400, expect.stringContaining("auto swap isn't supported")]);
  expect((await set('')).status).toBe(200);
});
