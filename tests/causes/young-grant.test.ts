import { afterAll, beforeAll, expect, test } from 'vitest';
import { pulled } from './cause.ts';
import { type Setting, startSetting } from './setting.ts';

let setting: Setting;
beforeAll(async () => {
  setting = await startSetting(['--propagation', '4']);
});
afterAll(() => setting?.stop());

test('C1: all links hold, the pull is refused, and doctor says what it waits for; then it succeeds by itself', async () => {
  const { healthySite, restart, doctor } = setting;
  const site = await healthySite('c1');
  expect(await restart(site)).toContain('unauthorized: authentication required');
  const [{ firstBroken, findings }] = (await doctor(site)) as [Awaited<ReturnType<Setting['doctor']>>[0]];
  expect(firstBroken).toBeNull();
  expect(findings).toMatchObject([{ id: 'C1', status: 'warn', mend: { commands: ['acrpull verify c1'] } }]);
  await expect.poll(() => restart(site), { interval: 500 }).toMatch(pulled);
});
