import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { app, siteBody, slot, startWebServer, type WebServer } from '../../../test/web-server.ts';

let at: WebServer;
/** The app of each test, with a slot `staging`. */
let name: string;

beforeAll(async () => {
  at = await startWebServer();
});
afterAll(() => at.close());
beforeEach(async () => {
  name = await at.makeApp();
  await at.call('PUT', slot(name), { body: siteBody() });
  at.takeAsked();
});

describe('traffic routing', () => {
  const set = (...rampUpRules: object[]) =>
    at.call('PATCH', `${app(name)}/config/web`, { body: { properties: { experiments: { rampUpRules } } } });
  const rule = (of: string, reroutePercentage: number) => ({
    name: of,
    actionHostName: `${name}-${of}.azurewebsites.net`,
    reroutePercentage,
  });

  test('reaches the workers for slots that are there, and restarts nothing', async () => {
    expect((await set(rule('staging', 15), rule('nope', 20))).status).toBe(200);
    expect(at.takeAsked()).toEqual([]);
    expect(at.sites.spec(app(name))!.rampUpRules).toEqual([
      { name: 'staging', siteId: slot(name), reroutePercentage: 15 },
    ]);
    expect(at.sites.spec(slot(name))!.rampUpRules).toEqual([]);
    await at.call('PATCH', `${app(name)}/config/web`, { body: { properties: { alwaysOn: false } } });
    expect(at.takeAsked()).toEqual([`restart ${name}`]);
  });

  test('leads to no other app', async () => {
    const other = await at.makeApp();
    await set({ ...rule('x', 10), actionHostName: `${other}.azurewebsites.net` });
    expect(at.sites.spec(app(name))!.rampUpRules).toEqual([]);
  });

  test.each([
    ['more than all', () => [rule('a', 60), rule('b', 41)], 400],
    ['a negative share', () => [rule('a', -1)], 400],
    ['no host', () => [{ name: 'a', reroutePercentage: 1 }], 400],
    ['a share that changes by itself', () => [{ ...rule('a', 1), changeStep: 5 }], 501],
  ])('refuses %s', async (_what, rules, status) => {
    expect((await set(...rules())).status).toBe(status);
    expect((await at.config(app(name))).experiments).toEqual({ rampUpRules: [] });
  });
});
