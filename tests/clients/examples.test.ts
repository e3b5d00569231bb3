import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { runAz, signIn } from './az-versions.ts';

// What stands in examples/, run as it is: a broken app stops the pipeline before the swap, a mended one is swapped.

const example = (name: string) => join(import.meta.dirname, '../../examples', name);

let azure: LocalAzureProcess;
beforeAll(async () => {
  azure = await startLocalAzure();
  await azure.setUpStory();
  await signIn(azure, 'az');
});
afterAll(() => azure?.stop());

const pipeline = () => azure.run('bash', [example('pipeline.sh'), 'blog', 'hoge-app']);

test('keyless-report.mjs prints the first broken link of every slot', async () => {
  const { code, stdout } = await azure.run(process.execPath, [example('keyless-report.mjs'), 'hoge-app']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^production: identity .+\nstaging: identity .+\n$/);
});

test('pipeline.sh ends before anything is restarted or swapped, when a site could not pull', async () => {
  const { code, stdout, stderr } = await pipeline();
  expect({ code, stderr }).toMatchObject({ code: 1 });
  expect(stdout).toContain('hoge-app');
  expect(stdout).not.toContain('attempts');
});

test('pipeline.sh swaps once both sites may pull, and the slot has proven it', async () => {
  expect(await azure.acrpull('fix', 'hoge-app', '--yes')).toMatchObject({ code: 0 });
  const slot = ['webapp', 'show', '-g', 'blog', '-n', 'hoge-app', '--query', 'lastModifiedTimeUtc'];
  const before = await runAz(azure, 'az', slot);
  const { code, stdout, stderr } = await pipeline();
  expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.stringContaining('Proven') });
  expect(await runAz(azure, 'az', slot)).not.toBe(before);
});
