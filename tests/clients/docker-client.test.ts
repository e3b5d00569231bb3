import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tar } from '../../packages/local-azure/test/container-image.ts';
import { type AdminRegistry, createAdminRegistry } from '../admin-registry.ts';
import { skipNote } from '../go-programs.ts';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { refreshToken } from '../refresh-token.ts';
import { missing } from '../tools.ts';
import { type Dockerd, startDockerd, whyNoDockerd } from './dockerd.ts';

// Docker as a client, whose daemon does the talking: as it is, through the registry's port on loopback; and under
// `local-azure exec`, through the registry's real name, where blobs come from the dedicated data endpoint.

const lacking = whyNoDockerd() ?? (missing('docker') && 'no docker on this machine');
const program = fileURLToPath(new URL('../../packages/local-azure/bin/local-azure.js', import.meta.url));
const tokenUser = '00000000-0000-0000-0000-000000000000';

let azure: LocalAzureProcess;
let registry: AdminRegistry;
let folder: string;

beforeAll(async () => {
  if (lacking) return;
  folder = await mkdtemp(join(tmpdir(), 'docker-client-'));
  await writeFile(join(folder, 'root.tar'), await tar([{ name: 'greeting.txt', content: 'hello' }]));
  azure = await startLocalAzure({ args: ['--engine', 'none'] });
  registry = await createAdminRegistry(azure, { dataEndpointEnabled: true });
});
afterAll(async () => {
  await azure?.stop();
  if (folder) await rm(folder, { recursive: true });
});

const ways = [
  { way: 'its port on loopback', hostOf: () => registry.loopback, prefixOf: () => [] },
  {
    way: 'its real name',
    hostOf: () => registry.host,
    prefixOf: () => [process.execPath, program, 'exec', '--data-dir', azure.dataDir, '--'],
  },
];

describe.skipIf(lacking).each(ways)(
  `Docker at a registry by $way${skipNote(lacking)}`,
  ({ hostOf, prefixOf }) => {
    let dockerd: Dockerd;
    let host: string;
    let logins = 0;
    beforeAll(async () => {
      host = hostOf();
      dockerd = await startDockerd(prefixOf());
    });
    afterAll(() => dockerd?.stop());

    /** The command line with a folder of its own for who is logged in; nobody is at first. */
    function createClient() {
      const env = {
        PATH: process.env.PATH,
        HOME: folder,
        DOCKER_HOST: `unix://${dockerd.socketPath}`,
        DOCKER_CONFIG: join(folder, `login-${logins++}`),
      };
      const run = (...args: string[]) => azure.run('docker', args, { env });
      const docker = async (...args: string[]) => {
        const { code, stdout, stderr } = await run(...args);
        expect(code, `docker ${args[0]}: ${stdout}${stderr}`).toBe(0);
        return stdout.trim();
      };
      return { run, docker };
    }

    test.each([
      ['the admin user', () => registry.username, async () => registry.password],
      ['a token', () => tokenUser, () => refreshToken(azure)],
    ])('logs in with %s, pushes and pulls', async (_, user, password) => {
      const { docker } = createClient();
      const image = `${host}/docker/login-${logins}:1`;
      const id = await docker('import', join(folder, 'root.tar'), image);
      await docker('login', '--username', user(), '--password', await password(), host);
      await docker('push', image);
      await docker('image', 'rm', '--force', id);
      await docker('pull', image);
      expect(await docker('image', 'inspect', '--format', '{{.Id}}', image)).toBe(id);
    });

    test('is refused without a login, and with a wrong password', async () => {
      const { run, docker } = createClient();
      const image = `${host}/docker/refused:1`;
      await docker('import', join(folder, 'root.tar'), image);
      for (const command of ['push', 'pull']) {
        const { code, stderr } = await run(command, image);
        expect(code).not.toBe(0);
        expect(stderr).toContain('unauthorized: authentication required');
      }
      const login = await run('login', '--username', registry.username, '--password', 'wrong', host);
      expect(login.code).not.toBe(0);
      expect(login.stderr).toContain('unauthorized: authentication required');
    });
  },
);
