import { writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { missing } from '../tools.ts';
import { azVersions, signIn } from './az-versions.ts';

// What `fix --emit az` prints is a script that an unmodified `az` runs.

const able = azVersions.filter(({ roleCommands }) => roleCommands);
const lacking = missing('az', 'bash') ?? (able.length === 0 ? 'az with working role commands' : undefined);
const skipped = lacking ? ` (skipped: no ${lacking} on this machine)` : '';

describe.skipIf(lacking).each(lacking ? azVersions : able)(`$name${skipped}`, ({ program }) => {
  let azure: LocalAzureProcess;

  beforeAll(async () => {
    azure = await startLocalAzure({ args: ['--engine', 'none'] });
    await azure.setUpStory();
    await signIn(azure, program);
  });
  afterAll(() => azure?.stop());

  /** The plan for the app as a script, run. */
  async function runScript(...options: string[]): Promise<void> {
    const emitted = await azure.acrpull('fix', 'hoge-app', '--emit', 'az', ...options);
    expect(emitted.code, emitted.stderr).toBe(0);
    const script = join(azure.dataDir, 'fix.sh');
    await writeFile(script, emitted.stdout);
    const env = { PATH: [dirname(program), process.env.PATH].join(delimiter) };
    for (const time of ['once', 'and again']) {
      const { code, stdout, stderr } = await azure.run('bash', [script], { env, timeoutMs: 240_000 });
      expect(code, `${time}: ${stdout}${stderr}\n${emitted.stdout}`).toBe(0);
    }
    expect((await azure.acrpull('doctor', 'hoge-app')).code).toBe(0);
  }

  test('an identity for each site', () => runScript());

  test('a registry that turns to ABAC wants a role with a condition', async () => {
    const body = JSON.stringify({ properties: { roleAssignmentMode: 'AbacRepositoryPermissions' } });
    const registry = `/subscriptions/${azure.subscriptionId}/resourceGroups/blog/providers/Microsoft.ContainerRegistry/registries/hoge`;
    const url = `https://management.azure.com${registry}?api-version=2025-11-01`;
    const turned = await azure.run(program, ['rest', '--method', 'patch', '--url', url, '--body', body]);
    expect(turned.code, turned.stderr).toBe(0);
    // Whoever looks may read the image: what is looked for is what the sites may.
    const me = ['--assignee', azure.env.AZURE_CLIENT_ID!, '--scope', registry];
    const role = ['--role', 'Container Registry Repository Reader'];
    expect((await azure.run(program, ['role', 'assignment', 'create', ...me, ...role])).code).toBe(0);
    await runScript();
  });
});
