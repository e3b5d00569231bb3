import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { missing } from '../tools.ts';
import { azVersions, refusalOfAz, runAz, signIn } from './az-versions.ts';

// Deployment slots by an unmodified `az`: each test builds on the one before.

const group = 'blog';
const app = 'hoge-app';
const lacking = missing('az');
const skipped = lacking ? ` (skipped: no ${lacking} on this machine)` : '';

describe.skipIf(lacking).each(azVersions)(`Slots by $name${skipped}`, ({ program }) => {
  let azure: LocalAzureProcess;

  const az = (...args: string[]) => runAz(azure, program, args);
  const refusal = (...args: string[]) => refusalOfAz(azure, program, args);
  const onSite = (slot?: string) => ['-g', group, '-n', app, ...(slot ? ['--slot', slot] : [])];
  const ofSlots = (verb: string, ...args: string[]) => [
    'webapp',
    'deployment',
    'slot',
    verb,
    ...onSite(),
    ...args,
  ];
  const swap = (...args: string[]) => ofSlots('swap', '--slot', 'staging', ...args);

  async function settings(slot?: string): Promise<Record<string, string>> {
    const list = await az('webapp', 'config', 'appsettings', 'list', ...onSite(slot));
    const pairs = list.map(({ name, value }: { name: string; value: string }) => [name, value]);
    return Object.fromEntries(pairs.filter(([name]: [string]) => ['SLOT', 'VERSION'].includes(name)));
  }

  beforeAll(async () => {
    azure = await startLocalAzure();
    await azure.setUpStory();
    expect((await azure.acrpull('fix', app, '--yes')).code).toBe(0);
    await signIn(azure, program);
  });
  afterAll(() => azure?.stop());

  test('az webapp config appsettings set --slot-settings, connection-string set --slot-settings', async () => {
    for (const [slot, version] of [
      [undefined, '1'],
      ['staging', '2'],
    ] as const) {
      await az(
        ...['webapp', 'config', 'appsettings', 'set', ...onSite(slot)],
        ...['--settings', `VERSION=${version}`, '--slot-settings', `SLOT=${slot ?? 'production'}`],
      );
    }
    await az(
      ...['webapp', 'config', 'connection-string', 'set', ...onSite()],
      ...['-t', 'Custom', '--slot-settings', 'db=production'],
    );
    const list = await az('webapp', 'config', 'appsettings', 'list', ...onSite());
    expect(list).toContainEqual({ name: 'SLOT', slotSetting: true, value: 'production' });
    expect(list).toContainEqual({ name: 'VERSION', slotSetting: false, value: '1' });
  });

  test('az webapp deployment slot create, with and without --configuration-source, list, delete', async () => {
    await az(...ofSlots('create', '-s', 'clone', '--configuration-source', app));
    await az(...ofSlots('create', '-s', 'empty'));
    expect(await settings('clone')).toEqual({ VERSION: '1' });
    expect(await settings('empty')).toEqual({});
    expect((await az('webapp', 'config', 'show', ...onSite('clone'))).linuxFxVersion).toMatch(/^DOCKER\|/);
    expect((await az('webapp', 'config', 'show', ...onSite('empty'))).linuxFxVersion).toBe('');
    expect(await az('webapp', 'identity', 'show', ...onSite('clone'))).toBeUndefined();

    for (const name of ['four', 'five']) await az(...ofSlots('create', '-s', name));
    expect(await refusal(...ofSlots('create', '-s', 'six'))).toContain(
      "the site will exceed the number of slots allowed for the 'Standard' SKU",
    );
    for (const name of ['clone', 'empty', 'four', 'five']) await az(...ofSlots('delete', '-s', name));
    expect(await az(...ofSlots('list'))).toMatchObject([{ name: 'staging' }]);
  });

  test('az webapp deployment slot swap --action preview, and reset', async () => {
    await az(...swap('--target-slot', 'production', '--action', 'preview'));
    expect(await settings('staging')).toEqual({ SLOT: 'production', VERSION: '2' });
    expect(await az(...ofSlots('list'))).toMatchObject([{ targetSwapSlot: 'production' }]);
    const set = ['webapp', 'config', 'appsettings', 'set', ...onSite('staging'), '--settings', 'X=1'];
    expect(await refusal(...set)).toContain("Operation returned an invalid status 'Conflict'");
    await az(...swap('--target-slot', 'production', '--action', 'reset'));
    expect(await settings('staging')).toEqual({ SLOT: 'staging', VERSION: '2' });
    await az(...swap('--action', 'preview'));
    await az(...swap('--action', 'reset'));
    expect(await settings('staging')).toEqual({ SLOT: 'staging', VERSION: '2' });
  });

  test('az webapp deployment slot swap, at once and after a preview', async () => {
    await az(...swap());
    expect([await settings(), await settings('staging')]).toEqual([
      { SLOT: 'production', VERSION: '2' },
      { SLOT: 'staging', VERSION: '1' },
    ]);
    await az(...swap('--action', 'preview'));
    await az(...swap('--target-slot', 'production', '--action', 'swap'));
    expect([await settings(), await settings('staging')]).toEqual([
      { SLOT: 'production', VERSION: '1' },
      { SLOT: 'staging', VERSION: '2' },
    ]);
  });

  test('a swap of a slot that cannot be pulled fails, and says so', async () => {
    const missing = 'DOCKER|hoge.azurecr.io/hello:9.9.9';
    await az('webapp', 'config', 'set', ...onSite('staging'), '--linux-fx-version', missing);
    expect(await refusal(...swap())).toContain(
      `Cannot swap site slots for site '${app}' because the 'staging' slot did not respond to http ping.`,
    );
    expect(await settings()).toEqual({ SLOT: 'production', VERSION: '1' });
  });

  test('az webapp deployment slot auto-swap is refused: it does not work for containers', async () => {
    expect(await refusal(...ofSlots('auto-swap', '--slot', 'staging'))).toContain('Bad Request');
    await az(...ofSlots('auto-swap', '--slot', 'staging', '--disable'));
  });

  test('az webapp traffic-routing set, show, clear', async () => {
    const routing = (...args: string[]) => az('webapp', 'traffic-routing', ...args, ...onSite());
    const rules = [
      { name: 'staging', actionHostName: 'hoge-app-staging.azurewebsites.net', reroutePercentage: 25 },
    ];
    expect(await routing('set', '--distribution', 'staging=25')).toMatchObject(rules);
    expect(await routing('show')).toMatchObject(rules);
    const { stdout } = await azure.run('curl', [
      '-sI',
      'https://hoge-app.azurewebsites.net/?x-ms-routing-name=self',
    ]);
    expect(stdout).toContain('set-cookie: x-ms-routing-name=self; Max-Age=3600');
    await routing('clear');
    expect(await routing('show')).toEqual([]);
  });
});
