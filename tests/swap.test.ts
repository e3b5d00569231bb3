import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';
import { armCall } from './resource-manager.ts';

// A swap over the real wire: through the front door to real containers, and across the death of the process. Each
// test builds on the one before.

let azure: LocalAzureProcess;
const site = () =>
  `/subscriptions/${azure.subscriptionId}/resourceGroups/blog/providers/Microsoft.Web/sites/hoge-app`;
const call = (method: string, path: string, body?: unknown) =>
  armCall(azure, method, `${site()}${path}`, '2023-12-01', body);
const swap = () => call('POST', '/slots/staging/slotsswap', { targetSlot: 'production', preserveVnet: true });

/** The start-up command of each slot: it travels with the app. */
async function commands(): Promise<string[]> {
  const configs = await Promise.all([call('GET', '/config/web'), call('GET', '/slots/staging/config/web')]);
  return configs.map(({ properties }) => properties.appCommandLine);
}

beforeAll(async () => {
  azure = await startLocalAzure();
  await azure.setUpMendedStory();
  // The same image, serving another folder.
  const properties = { appCommandLine: '--servedir=/' };
  await call('PATCH', '/slots/staging/config/web', { properties });
});
afterAll(() => azure?.stop());

test('under load no visitor is turned away, and the version flips', async () => {
  const { hostname, port } = new URL(azure.env.HTTP_PROXY!);
  const agent = new Agent({ keepAlive: true });
  const visit = async () => {
    const outgoing = request({ hostname, port, agent, headers: { host: `hoge-app.localhost:${port}` } });
    outgoing.end();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const body = await text(answer);
    return `${answer.statusCode} ${body.includes('Hello') ? 'old' : 'new'}`;
  };
  expect(await visit()).toBe('200 old');

  let isOver = false;
  const answers: string[] = [];
  /** How many answers there were when an old one was asked for. */
  const oldAskedFor: number[] = [];
  const visitors = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const askedFor = answers.length;
      const answer = await visit();
      answers.push(answer);
      if (answer === '200 old') oldAskedFor.push(askedFor);
    }
  });
  await swap();
  await expect.poll(() => answers.at(-1), { timeout: 30_000 }).toBe('200 new');
  const flipped = answers.length;
  await expect.poll(() => answers.length, { timeout: 30_000 }).toBeGreaterThan(flipped + 500);
  isOver = true;
  await Promise.all(visitors);
  agent.destroy();
  expect(new Set(answers)).toEqual(new Set(['200 old', '200 new']));
  // Who asks when somebody has seen the new version sees it, too.
  expect(Math.max(...oldAskedFor)).toBeLessThanOrEqual(answers.indexOf('200 new'));
  expect(await commands()).toEqual(['--servedir=/', '']);
});

test('after kill -9 at any moment the slots are swapped, or as they were', async () => {
  let before = await commands();
  for (const afterMs of [50, 150, 250]) {
    await swap();
    await sleep(afterMs);
    await azure.kill();
    azure = await startLocalAzure({ dataDir: azure.dataDir });
    const after = await commands();
    expect([before, [...before].reverse()]).toContainEqual(after);
    before = after;
  }
});
