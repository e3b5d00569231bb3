import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { missing } from '../tools.ts';
import { azVersions, runAz, signIn } from './az-versions.ts';

// The life of a site by an unmodified `az`: each test builds on the one before.

const app = 'hoge-app';
const onSite = ['-g', 'blog', '-n', app];
const lacking = missing('az');
const skipped = lacking ? ` (skipped: no ${lacking} on this machine)` : '';

describe.skipIf(lacking).each(azVersions)(`The life of a site by $name${skipped}`, ({ program, ...az }) => {
  let azure: LocalAzureProcess;
  const webapp = (...args: string[]) => runAz(azure, program, ['webapp', ...args]);
  const instances = async () =>
    (await webapp('list-instances', ...onSite)).map((one: Record<string, string>) => one.state);

  beforeAll(async () => {
    azure = await startLocalAzure();
    await azure.setUpStory();
    await signIn(azure, program);
  });
  afterAll(() => azure?.stop());

  test('az webapp show says Running while nothing runs; list-instances knows more', async () => {
    const shown = await webapp('show', ...onSite);
    expect(shown).toMatchObject({ state: 'Running', availabilityState: 'Normal', usageState: 'Normal' });
    expect(await instances()).toEqual(['STOPPED']);
  });

  test.skipIf(!az.troubleshoots)('az webapp troubleshoot status names the error, then none', async () => {
    const status = async () => (await webapp('troubleshoot', 'status', ...onSite)).instances[0];
    expect(await status()).toMatchObject({ state: 'Stopped', lastError: 'ImagePullUnauthorizedFailure' });
    expect((await azure.acrpull('fix', app, '--yes')).code).toBe(0);
    await expect.poll(status, { timeout: 60_000, interval: 1000 }).toMatchObject({ state: 'Started' });
  });

  test('az webapp restart, stop and start', async () => {
    expect((await azure.acrpull('fix', app, '--yes')).code).toBe(0);
    await webapp('restart', ...onSite);
    await expect.poll(instances, { timeout: 60_000, interval: 1000 }).toEqual(['READY']);
    await webapp('stop', ...onSite);
    expect([(await webapp('show', ...onSite)).state, await instances()]).toEqual(['Stopped', []]);
    await webapp('start', ...onSite);
    await expect.poll(instances, { timeout: 60_000, interval: 1000 }).toEqual(['READY']);
  });
});
