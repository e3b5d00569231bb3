import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AdminRegistry, createAdminRegistry } from '../admin-registry.ts';
import { goInstall } from '../go-programs.ts';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { writeSampleLayout } from '../oci-layout.ts';
import { missing } from '../tools.ts';

// A registry with a dedicated data endpoint sends who asks for a blob there. Docker is sent there in
// docker-client.test.ts, and App Service's worker in ../registry-firewall.test.ts.

const crane = await goInstall('github.com/google/go-containerregistry/cmd/crane@v0.22.1');

let azure: LocalAzureProcess;
let registry: AdminRegistry;
let folder: string;
let layout: { folder: string; digest: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-endpoint-'));
  layout = await writeSampleLayout('1');
  azure = await startLocalAzure({ args: ['--engine', 'none'] });
  registry = await createAdminRegistry(azure, { dataEndpointEnabled: true });
});
afterAll(async () => {
  await azure?.stop();
  await crane.remove();
  for (const path of [folder, layout.folder]) await rm(path, { recursive: true });
});

test('skopeo pushes, and pulls from there', async ({ skip }) => {
  if (missing('skopeo')) skip('no skopeo on this machine');
  const creds = `${registry.username}:${registry.password}`;
  const image = `docker://${registry.host}/skopeo:1`;
  const pushed = await azure.run('skopeo', ['copy', '--dest-creds', creds, `oci:${layout.folder}:1`, image]);
  expect(pushed.code, pushed.stderr).toBe(0);
  const target = join(folder, 'pulled');
  const pulled = await azure.run('skopeo', ['copy', '--src-creds', creds, image, `dir:${target}`]);
  expect(pulled.code, pulled.stderr).toBe(0);
  expect((await readdir(target)).length).toBeGreaterThanOrEqual(3);
});

test('crane pushes, and pulls from there', async ({ skip }) => {
  if (crane.lacking) skip(crane.lacking);
  const env = { DOCKER_CONFIG: join(folder, 'crane') };
  const run = async (...args: string[]) => {
    const { code, stderr } = await azure.run(crane.path, args, { env });
    expect(code, `crane ${args[0]}: ${stderr}`).toBe(0);
    return stderr;
  };
  const image = `${registry.host}/crane:1`;
  await run('auth', 'login', registry.host, '-u', registry.username, '-p', registry.password);
  await run('push', layout.folder, image);
  const log = await run('pull', '--verbose', image, join(folder, 'crane.tar'));
  expect(log).toContain('--> GET https://hoge.japaneast.data.azurecr.io/?');
  await run('validate', '--remote', image);
});
