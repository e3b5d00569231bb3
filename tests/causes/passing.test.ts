import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { tooManyRequests } from '../../packages/acrpull/src/checks/log-text.ts';
import { judgementOf, pulled, suspectsIn } from './cause.ts';
import { type Setting, startSetting } from './setting.ts';

// Refusals that pass: when doctor looks, all is well, and the log alone tells of them. The platform tries again by
// itself after seconds, so time runs faster.

let setting: Setting;
beforeAll(async () => {
  setting = await startSetting(['--engine', 'auto'], { timesFaster: 5 });
});
afterAll(() => setting?.stop());

const of = (registry: string) => `${registry}.azurecr.io/hello:0.1.0`;
const refused = 'unauthorized: authentication required';
const allIsWell = { firstBroken: null, findings: [] };

/** What the log says from now on, up to these words. */
async function follow(site: string) {
  const from = (await setting.log(site)).length;
  return (words: string | RegExp) =>
    vi.waitUntil(
      async () => {
        const log = (await setting.log(site)).slice(from);
        const found = log.match(words);
        return found && log.slice(0, found.index! + found[0].length);
      },
      { timeout: 30_000 },
    );
}

test.concurrent('C3: a site pulls between two writes of its settings', async () => {
  const { healthySite, createRegistry, grant, principalOf, configure, restart } = setting;
  const site = await healthySite('c3', { image: of('hogehalf') });
  await grant(await createRegistry('hogehalf'), await principalOf(site));
  expect(await restart(site)).toMatch(pulled);
  const logUntil = await follow(site);
  await configure(site, { acrUseManagedIdentityCreds: false });
  expect(await suspectsIn(await logUntil(refused))).toContain('C3');
  await configure(site, { acrUseManagedIdentityCreds: true });
  await logUntil(pulled);
  expect(await judgementOf(site, setting)).toEqual(allIsWell);
});

test.concurrent('B15: a new site pulls before its identity can be granted anything', async () => {
  const { healthySite, createRegistry, grant, principalOf } = setting;
  const registry = await createRegistry('hogefirst');
  const site = await healthySite('b15', { image: of('hogefirst') });
  const logUntil = await follow(site);
  expect(await suspectsIn(await logUntil(refused))).toContain('B15');
  expect(await judgementOf(site, setting)).toEqual({ firstBroken: 'grant', findings: ['B2 fail'] });
  await grant(registry, await principalOf(site));
  await logUntil(pulled);
  expect(await judgementOf(site, setting)).toEqual(allIsWell);
});

test.concurrent('E9: the registry has too many requests', async () => {
  const { healthySite, createRegistry, grant, principalOf, arm, azure } = setting;
  const site = await healthySite('e9', { image: of('hogebusy') });
  await grant(await createRegistry('hogebusy'), await principalOf(site));
  await azure.setFaults('registry-throttling,limit=0,registry=hogebusy');
  const logUntil = await follow(site);
  await arm('POST', `${site}/restart`, '2023-12-01');
  expect(await suspectsIn(await logUntil(tooManyRequests))).toContain('E9');
  await azure.setFaults();
  await logUntil(pulled);
  expect(await judgementOf(site, setting)).toEqual(allIsWell);
});
