import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { app, plan, siteBody, slot, startWebServer, type WebServer } from '../../../test/web-server.ts';

let at: WebServer;
beforeAll(async () => {
  at = await startWebServer();
});
afterAll(() => at.close());

describe('a plan', () => {
  test('shows what its tier allows', async () => {
    expect((await at.call('GET', plan('plan'))).body).toMatchObject({
      kind: 'linux',
      location: 'Japan East',
      sku: { name: 'S1', tier: 'Standard', size: 'S1', family: 'S', capacity: 1 },
      properties: {
        reserved: true,
        maximumNumberOfWorkers: 10,
        status: 'Ready',
        provisioningState: 'Succeeded',
      },
    });
  });

  test('is scaled by PATCH', async () => {
    const scaled = await at.call('PATCH', plan('plan'), { body: { sku: { name: 'P1v3', capacity: 2 } } });
    expect(scaled.body.sku).toEqual({
      name: 'P1v3',
      tier: 'PremiumV3',
      size: 'P1v3',
      family: 'Pv3',
      capacity: 2,
    });
    await at.call('PATCH', plan('plan'), { body: { sku: { name: 'S1', capacity: 1 } } });
  });

  test.each<[string, object]>([
    ['an unknown tier', { sku: { name: 'Z9' } }],
    ['too many workers', { sku: { name: 'B1', capacity: 4 } }],
  ])('refuses %s', async (_what, change) => {
    const { status, body } = await at.call('PUT', plan('other'), {
      body: { location: 'japaneast', ...change },
    });
    expect([status, body.Code]).toEqual([400, 'BadRequest']);
  });

  test('is not scaled to a tier that allows fewer slots than its apps have', async () => {
    await at.makePlan('many', 'P1v3');
    const name = await at.makeApp(siteBody({}, {}, 'many'));
    const scale = (to: string) => at.call('PATCH', plan('many'), { body: { sku: { name: to } } });
    for (const one of ['a', 'b', 'c', 'd', 'e', 'f']) {
      expect((await at.call('PUT', slot(name, one), { body: siteBody({}, {}, 'many') })).status).toBe(200);
    }
    const refused = await scale('S1');
    expect([refused.status, refused.body.Message]).toEqual([
      409,
      expect.stringContaining("the number of slots allowed for the 'Standard' SKU"),
    ]);
    await at.call('DELETE', slot(name, 'f'));
    expect((await scale('S1')).status).toBe(200);
  });

  test('is not deleted while apps are on it', async () => {
    await at.makePlan('busy', 'S1');
    const name = await at.makeApp(siteBody({}, {}, 'busy'));
    expect((await at.call('GET', plan('busy'))).body.properties.numberOfSites).toBe(1);
    const refused = await at.call('DELETE', plan('busy'));
    expect([refused.status, refused.body.Message]).toEqual([409, expect.stringContaining(name)]);
    await at.call('DELETE', `${app(name)}?deleteEmptyServerFarm=false`);
    expect((await at.call('DELETE', plan('busy'))).status).toBe(200);
  });

  test('goes with its last app', async () => {
    await at.makePlan('lonely', 'S1');
    const name = await at.makeApp(siteBody({}, {}, 'lonely'));
    await at.call('DELETE', app(name));
    expect((await at.call('GET', plan('lonely'))).status).toBe(404);
  });
});
