import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { writeSampleLayout } from '../oci-layout.ts';
import { refreshToken } from '../refresh-token.ts';
import { missing } from '../tools.ts';

const lacking = missing('skopeo');

describe.skipIf(lacking)(`skopeo${lacking ? ` (skipped: no ${lacking} on this machine)` : ''}`, () => {
  let azure: LocalAzureProcess;
  let layout: { folder: string; digest: string };
  const image = 'docker://hoge.azurecr.io/copied:1';

  beforeAll(async () => {
    layout = await writeSampleLayout('1');
    azure = await startLocalAzure();
    await azure.setUpStory();
  });
  afterAll(async () => {
    await azure?.stop();
    await rm(layout.folder, { recursive: true, force: true });
  });

  test('is refused without a token', async () => {
    const { code, stderr } = await azure.run('skopeo', [
      'inspect',
      '--no-creds',
      'docker://hoge.azurecr.io/hello:0.1.0',
    ]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('authentication required');
  });

  test('pushes and pulls with a token', async () => {
    const user = `00000000-0000-0000-0000-000000000000:${await refreshToken(azure)}`;
    const pushed = await azure.run('skopeo', ['copy', '--dest-creds', user, `oci:${layout.folder}:1`, image]);
    expect(pushed.code, pushed.stderr).toBe(0);
    const inspected = await azure.run('skopeo', ['inspect', '--creds', user, image]);
    expect(JSON.parse(inspected.stdout).Digest).toBe(layout.digest);

    const folder = await mkdtemp(join(tmpdir(), 'skopeo-'));
    const pulled = await azure.run('skopeo', ['copy', '--src-creds', user, image, `dir:${folder}`]);
    expect(pulled.code, pulled.stderr).toBe(0);
    expect((await readdir(folder)).length).toBeGreaterThanOrEqual(3);
    await rm(folder, { recursive: true });
  });

  test('is told so when the registry does not exist', async () => {
    const { code, stderr } = await azure.run('skopeo', [
      'inspect',
      'docker://nosuchregistry.azurecr.io/hello:1',
    ]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/ENOTFOUND nosuchregistry.azurecr.io/);
  });
});
