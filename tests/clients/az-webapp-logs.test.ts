import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { missing } from '../tools.ts';
import { logTail } from './az-log-tail.ts';
import { azVersions, refusalOfAz, runAz, signIn } from './az-versions.ts';

// Logs, continuous deployment and publishing credentials of a site, by an unmodified `az`.

const lacking = missing('az', 'curl', 'python3');
const skipped = lacking ? ` (skipped: no ${lacking} on this machine)` : '';
const image = 'hoge.azurecr.io/hello:0.1.0';
const polling = { timeout: 60_000, interval: 1000 };

describe.skipIf(lacking).each(azVersions)(`$name${skipped}`, ({ program, ...version }) => {
  let azure: LocalAzureProcess;
  let folder: string;
  const az = (...args: string[]) => runAz(azure, program, args);
  const onSite = (slot?: string) => ['-g', 'blog', '-n', 'hoge-app', ...(slot ? ['--slot', slot] : [])];
  const refusal = (...args: string[]) => refusalOfAz(azure, program, args);

  /** What `az webapp log download` brings, as Python unpacks it. */
  async function downloadLogs(slot?: string): Promise<{ platform: string; output: string }> {
    const zip = join(folder, 'logs.zip');
    await az('webapp', 'log', 'download', ...onSite(slot), '--log-file', zip);
    const script =
      'import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); ' +
      'print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))';
    const { stdout } = await azure.run('python3', ['-c', script, zip]);
    const files: [name: string, text: string][] = Object.entries(JSON.parse(stdout));
    const textOf = (pattern: RegExp) => files.find(([name]) => pattern.test(name))?.[1] ?? '';
    return {
      platform: textOf(/^LogFiles\/[\d_]+_[^_]+_docker\.log$/),
      output: textOf(/_default_docker\.log$/),
    };
  }

  const post = async (url: string) => {
    const args = [
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '-X',
      'POST',
      '-d',
      '{"action":"push"}',
      url,
    ];
    return (await azure.run('curl', args)).stdout;
  };
  const webhook = async (slot?: string): Promise<string> =>
    (await az('webapp', 'deployment', 'container', 'show-cd-url', ...onSite(slot))).CI_CD_URL;
  /** As Microsoft's documents turn basic authentication off. */
  const allowBasic = (value: boolean, slot?: string) =>
    az(
      ...['resource', 'update', '-g', 'blog', '--name', 'scm', '--namespace', 'Microsoft.Web'],
      ...['--resource-type', 'basicPublishingCredentialsPolicies'],
      ...['--parent', `sites/hoge-app${slot ? `/slots/${slot}` : ''}`],
      ...['--set', `properties.allow=${value}`],
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'az-webapp-logs-'));
    azure = await startLocalAzure();
    await azure.setUpMendedStory();
    await signIn(azure, program);
  });
  afterAll(async () => {
    await azure?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  describe.each([undefined, 'staging'])('slot: %s', (slot) => {
    test('az webapp log config, show, download', async () => {
      const log = (command: string, ...args: string[]) =>
        az('webapp', 'log', command, ...onSite(slot), ...args);
      expect((await log('show')).httpLogs.fileSystem).toMatchObject({ enabled: false });
      const fileSystem = { enabled: true, retentionInMb: 100, retentionInDays: 3 };
      await log('config', '--docker-container-logging', 'filesystem');
      expect((await log('show')).httpLogs).toMatchObject({ fileSystem });
      const output = async () => (await downloadLogs(slot)).output;
      await expect.poll(output, polling).toContain('Local: http://');
      const { platform } = await downloadLogs(slot);
      expect(platform).toContain(`Pulling image: ${image}`);
      expect(platform).toContain('HTTP_LOGGING_ENABLED=1');

      await log('config', '--docker-container-logging', 'off');
      const off = async () => (await downloadLogs(slot)).platform.split('HTTP_LOGGING_ENABLED=1').at(-1);
      await expect.poll(off, polling).toContain('Logging is not enabled for this container.');
    });

    test('az webapp log deployment list, show: nothing is deployed', async () => {
      expect(await az('webapp', 'log', 'deployment', 'list', ...onSite(slot))).toEqual([]);
      expect(await az('webapp', 'log', 'deployment', 'show', ...onSite(slot))).toEqual([]);
    });

    test.skipIf(!version.tailsThroughProxy)(
      'az webapp log tail shows what the container says, also when it is in no file',
      async () => {
        const site = [...onSite(slot), '--provider', 'application'];
        const tail = await logTail(azure, program, site, /Local: http:\/\//, () =>
          az('webapp', 'restart', ...onSite(slot)),
        );
        expect(tail).toContain(`Pulling image: ${image}`);
      },
    );

    test('az webapp deployment container config --enable-cd true: the webhook pulls anew', async () => {
      const made = await az(
        ...['webapp', 'deployment', 'container', 'config', ...onSite(slot), '--enable-cd', 'true'],
      );
      expect(made).toEqual({ DOCKER_ENABLE_CI: true, CI_CD_URL: await webhook(slot) });
      const pulls = async () => (await downloadLogs(slot)).platform.split('Pull Image successful').length;
      const before = await pulls();
      expect(await post(made.CI_CD_URL)).toBe('200');
      await expect.poll(pulls, polling).toBeGreaterThan(before);
      expect(await post(made.CI_CD_URL.replace('docker/hook', 'api/registry/webhook'))).toBe('202');
      expect(await post(made.CI_CD_URL.replace(/:[^:@]+@/, ':wrong@'))).toBe('401');
    });

    test('az webapp deployment list-publishing-credentials, -profiles', async () => {
      const { publishingUserName: user, publishingPassword: password } = await az(
        ...['webapp', 'deployment', 'list-publishing-credentials', ...onSite(slot)],
      );
      expect(user).toBe(slot ? '$hoge-app__staging' : '$hoge-app');
      const profiles = await az('webapp', 'deployment', 'list-publishing-profiles', ...onSite(slot));
      expect(profiles).toMatchObject([
        { publishMethod: 'MSDeploy', userName: user, userPWD: password },
        { publishMethod: 'FTP' },
        { publishMethod: 'ZipDeploy', userName: user, userPWD: password },
      ]);
    });

    test('basic authentication off: the webhook is refused, and stays as it was made', async () => {
      const before = await webhook(slot);
      expect(await allowBasic(false, slot)).toMatchObject({ properties: { allow: false } });
      expect(await post(before)).toBe('401');
      const made = await webhook(slot);
      expect(made).toMatch(/^https:\/\/REDACTED:REDACTED@/);
      // The current az falls back to Entra ID, as of 2.48.
      if (version.fallsBackToEntra) expect((await downloadLogs(slot)).platform).not.toBe('');
      else {
        const download = [
          'webapp',
          'log',
          'download',
          ...onSite(slot),
          '--log-file',
          join(folder, 'none.zip'),
        ];
        expect(await refusal(...download)).toContain("status code '401'");
      }
      await allowBasic(true, slot);
      expect(await post(made)).toBe('401');
      expect(await post(before)).toBe('200');
    });

    test('az webapp config container set, show, delete leave the identity its flag', async () => {
      const container = (command: string, ...args: string[]) =>
        az('webapp', 'config', 'container', command, ...onSite(slot), ...args);
      const registry = version.registryOption;
      const shown = await container(
        'set',
        version.containerImageOption,
        image,
        ...[
          ...[`${registry}-url`, 'https://hoge.azurecr.io'],
          ...[`${registry}-user`, 'somebody', `${registry}-password`, 'secret'],
        ],
      );
      expect(shown).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: 'DOCKER_CUSTOM_IMAGE_NAME', value: `DOCKER|${image}` }),
          expect.objectContaining({ name: 'DOCKER_REGISTRY_SERVER_USERNAME', value: 'somebody' }),
        ]),
      );
      const config = () => az('webapp', 'config', 'show', ...onSite(slot));
      expect(await config()).toMatchObject({ acrUseManagedIdentityCreds: true });
      await container('delete');
      expect(await config()).toMatchObject({ linuxFxVersion: ' ', acrUseManagedIdentityCreds: true });
      await container('set', version.containerImageOption, image);
      expect(await config()).toMatchObject({
        linuxFxVersion: `DOCKER|${image}`,
        acrUseManagedIdentityCreds: true,
      });
    });
  });

  test("each site's webhook opens that site alone", async () => {
    const [app, slot] = [new URL(await webhook()), new URL(await webhook('staging'))];
    const other = new URL(slot);
    other.username = app.username;
    other.password = app.password;
    expect([await post(slot.href), await post(other.href)]).toEqual(['200', '401']);
  });

  test("az webapp deployment user: there is none of one's own", async () => {
    expect(await refusal('webapp', 'deployment', 'user', 'show')).toContain('NotImplemented');
  });
});
