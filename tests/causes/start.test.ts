import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { pullInterrupted } from '../../packages/acrpull/src/checks/log-text.ts';
import { assembleImage, nodeLayer } from '../../packages/local-azure/test/container-image.ts';
import { createAdminRegistry } from '../admin-registry.ts';
import { pushImage } from '../push-image.ts';
import { judgementOf, pulled, suspectsIn } from './cause.ts';
import { type Setting, startSetting } from './setting.ts';

// What is wrong after the pull. No link is broken: doctor gives a hint, and what mends it is for a person to do. The
// platform waits for minutes, so time runs faster.

const timesFaster = 20;
/** What is waited for comes within seconds, but for a machine that does much else. */
const waits = { timeout: 30_000 };
const ready = 'initialized successfully and is ready to serve requests';

let setting: Setting;
beforeAll(async () => {
  setting = await startSetting(['--engine', 'auto'], { timesFaster });
});
afterAll(() => setting?.stop());

const judge = (site: string) => judgementOf(site, setting);

test.concurrent('C4: a repair that is right changes nothing while the site is blocked; a restart does', async ({
  expect,
}) => {
  const { healthySite, createRegistry, grant, principalOf, restart, log } = setting;
  const site = await healthySite('c4', { image: 'hogeblocked.azurecr.io/hello:0.1.0' });
  const registry = await createRegistry('hogeblocked');
  // Several starts have failed by then.
  await expect
    .poll(() => judge(site), waits)
    .toEqual({ firstBroken: 'grant', findings: ['B2 fail', 'C4 warn'] });
  expect(await log(site)).toContain('unauthorized: authentication required');

  await grant(registry, await principalOf(site));
  expect(await judge(site)).toEqual({ firstBroken: null, findings: ['C4 warn'] });
  expect(await restart(site)).toMatch(pulled);
  expect(await judge(site)).toEqual({ firstBroken: null, findings: [] });
});

test.concurrent('C5: a restart cuts off the pull of the one before, and nothing is wrong', async () => {
  const { healthySite, createRegistry, grant, principalOf, arm, restart, log, azure } = setting;
  const site = await healthySite('c5', { image: 'hogeraced.azurecr.io/hello:0.1.0' });
  await grant(await createRegistry('hogeraced'), await principalOf(site));
  expect(await restart(site)).toMatch(pulled);
  const before = (await log(site)).length;
  const restartAndSee = async (words: string) => {
    await arm('POST', `${site}/restart`, '2023-12-01');
    return vi.waitUntil(async () => {
      const since = (await log(site)).slice(before);
      return since.includes(words) && since;
    }, waits);
  };

  // The pull goes on for so long that the next restart comes in between.
  await azure.setFaults('registry-outage,answer=none,registry=hogeraced');
  await restartAndSee('Pulling image: ');
  const raced = await restartAndSee(pullInterrupted);
  await azure.setFaults();
  const [cutOff] = raced.split(/(?<=Revert by terminate\.)/);
  expect(await suspectsIn(cutOff!)).toEqual(['C5']);
  expect(await judge(site)).toEqual({ firstBroken: null, findings: [] });
  await restartAndSee(ready);
});

/** How a site looks to each command after a start that left these words; the platform goes on trying. */
async function look(site: string, words: string) {
  const log = await vi.waitUntil(() => failedStart(site, words), waits);
  const { firstBroken, findings } = await judge(site);
  const { code, result } = await setting.azure.acrpullJson('verify', site, '--timeout', '60');
  return {
    firstBroken,
    // It may be blocked by now.
    findings: findings.filter((finding) => !finding.startsWith('C4')),
    verified: [code, result.sites[0].outcome.kind],
    explained: await suspectsIn(log),
  };
}

/** The part of the log that is of this start, once it has ended. */
async function failedStart(site: string, words: string): Promise<string | undefined> {
  const log = await setting.log(site);
  const at = log.indexOf(words);
  const end = log.indexOf('because it failed during startup.', at);
  return at < 0 || end < 0 ? undefined : log.slice(log.lastIndexOf('Pulling image: ', at), end);
}

const waitedInVain = {
  firstBroken: null,
  findings: ['F1 warn', 'F2 warn'],
  verified: [1, 'not-answering'],
  explained: ['F1', 'F2'],
};

test.concurrent('F1: the platform asks at a port at which nobody listens', async () => {
  const { healthySite, setSettings, restart } = setting;
  const site = await healthySite('f1');
  await setSettings(site, { WEBSITES_PORT: '8080', WEBSITES_CONTAINER_START_TIME_LIMIT: '10' });
  expect(await look(site, "didn't respond to HTTP pings on port: 8080")).toEqual(waitedInVain);

  await setSettings(site, { WEBSITES_PORT: '80' });
  expect(await restart(site)).toContain(ready);
  expect(await judge(site)).toEqual({ firstBroken: null, findings: [] });
});

test.concurrent('F2: the app takes longer than the platform waits', async () => {
  const { healthySite, setSettings, restart, configure, azure } = setting;
  await pushSlowApp();
  const site = await healthySite('f2');
  await setSettings(site, { WEBSITES_CONTAINER_START_TIME_LIMIT: '10' });
  await configure(site, { linuxFxVersion: 'DOCKER|hoge.azurecr.io/slow:1' });
  expect(await look(site, 'did not start within expected time limit')).toEqual(waitedInVain);

  await setSettings(site, { WEBSITES_CONTAINER_START_TIME_LIMIT: '1800' });
  expect(await restart(site)).toContain(ready);
  expect(await judge(site)).toEqual({ firstBroken: null, findings: [] });

  /** It answers a second after its start, which is twice as late as this platform waits for ten of its own. */
  async function pushSlowApp() {
    const folder = await mkdtemp(join(tmpdir(), 'slow-app-'));
    const content = `setTimeout(() => require('node:http').createServer((_, to) => to.end()).listen(80), 1000);`;
    const layers = [await nodeLayer(), [{ name: 'app.js', content }]];
    const image = await assembleImage(folder, layers, { Entrypoint: ['/node', '/app.js'] }, (tar) => tar);
    await pushImage(await createAdminRegistry(azure), 'slow:1', image);
    await rm(folder, { recursive: true });
  }
});

test.concurrent('F8: the app ends as it starts', async () => {
  const { healthySite, configure, restart } = setting;
  const site = await healthySite('f8');
  await configure(site, { appCommandLine: '--no-such-flag' });
  expect(await look(site, 'has exited, failing site start')).toEqual({
    firstBroken: null,
    findings: ['F8 warn'],
    verified: [1, 'not-answering'],
    explained: ['F8'],
  });

  await configure(site, { appCommandLine: '' });
  expect(await restart(site)).toContain(ready);
  expect(await judge(site)).toEqual({ firstBroken: null, findings: [] });
});
