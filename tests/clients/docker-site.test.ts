import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proveIdentity } from '../identity-app.ts';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { armCall } from '../resource-manager.ts';
import { startDockerd, whyNoDockerd } from './dockerd.ts';

// A site's whole life in Docker, and what is left there when the local Azure ends, in order or not: each test builds
// on the one before.

const missing = whyNoDockerd();
const program = fileURLToPath(new URL('../../packages/local-azure/bin/local-azure.js', import.meta.url));

describe.skipIf(missing)(`A site in Docker${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let dockerd: Awaited<ReturnType<typeof startDockerd>>;
  let docker: Docker;
  let azure: LocalAzureProcess;

  const start = (engine: 'docker' | 'auto', dataDir?: string) =>
    startLocalAzure({
      prefix: ['env', `DOCKER_HOST=unix://${dockerd.socketPath}`],
      args: ['--engine', engine],
      ...(dataDir && { dataDir }),
    });
  const localAzure = (command: string) =>
    azure.run(process.execPath, [program, command, '--data-dir', azure.dataDir, '--json']);

  /** What `docker ps` shows, without the part of each name that is random. */
  async function running(): Promise<string[]> {
    const containers = await docker.listContainers();
    return containers.map(({ Names }) => Names[0]!.slice(1).replace(/_\d+_[0-9a-f]{8}$/, '')).sort();
  }

  async function proveServing() {
    const { code, result } = await azure.acrpullJson('verify', 'hoge-app', '--timeout', '60');
    expect(result.sites).toMatchObject([
      { name: 'hoge-app', outcome: { kind: 'serving', status: 200 } },
      { name: 'hoge-app/staging', outcome: { kind: 'serving', status: 200 } },
    ]);
    expect(code).toBe(0);
  }

  beforeAll(async () => {
    dockerd = await startDockerd();
    docker = new Docker({ socketPath: dockerd.socketPath, host: '' });
    azure = await start('docker');
    await azure.setUpStory();
  });
  afterAll(async () => {
    await azure?.stop();
    await dockerd?.stop();
  });

  test('runs in a container there, once it can be pulled', async () => {
    expect(await running()).toEqual([]);
    expect((await azure.acrpull('fix', 'hoge-app', '--yes')).code).toBe(0);
    await proveServing();
    // The containers that were replaced have ended, too.
    await expect.poll(running, { timeout: 20_000 }).toEqual(['hoge-app', 'hoge-app__staging']);
  });

  test('has what a worker of its plan has, and Docker no network more than before', async () => {
    const [container] = await docker.listContainers();
    const { HostConfig } = await docker.getContainer(container!.Id).inspect();
    expect(HostConfig).toMatchObject({ Memory: 1.75 * 2 ** 30, NanoCpus: 1e9, NetworkMode: 'default' });
    const networks = (await docker.listNetworks()).map(({ Name }) => Name);
    expect(networks.sort()).toEqual(['bridge', 'host', 'none']);
  });

  test('answers at its localhost name as well', async () => {
    const { status, body } = await get(azure.env.HTTP_PROXY!, new URL(azure.env.HTTP_PROXY!).port);
    expect({ status, body }).toEqual({ status: 200, body: expect.stringContaining('Hello') });
  });

  test('gets tokens of its managed identity through @azure/identity', async () => {
    await proveIdentity(azure);
    const group = `/subscriptions/${azure.subscriptionId}/resourceGroups/blog`;
    await armCall(azure, 'DELETE', `${group}/providers/Microsoft.Web/sites/identity-app`, '2023-12-01');
    await expect.poll(running, { timeout: 20_000 }).toEqual(['hoge-app', 'hoge-app__staging']);
  });

  test("after kill -9, the next start sweeps what was left, and leaves others' containers alone", async () => {
    await runForeignContainer();
    await azure.kill();
    expect(await running()).toEqual(['foreign', 'hoge-app', 'hoge-app__staging']);

    azure = await start('docker', azure.dataDir);
    expect(await running()).toEqual(['foreign']);
    await proveServing();
    await expect.poll(running, { timeout: 20_000 }).toEqual(['foreign', 'hoge-app', 'hoge-app__staging']);
  });

  test('after local-azure stop, no container of ours is left, not even a stopped one', async () => {
    expect((await localAzure('stop')).code).toBe(0);
    const left = await docker.listContainers({ all: true });
    expect(left.map(({ Names, State }) => [Names[0], State])).toEqual([['/foreign', 'running']]);
  });

  test('--engine auto takes Docker when its socket answers', async () => {
    azure = await start('auto', azure.dataDir);
    expect(JSON.parse((await localAzure('status')).stdout)).toMatchObject({
      running: true,
      engine: 'docker',
    });
  });

  /** Somebody else's container, of the same image: nothing but its label tells it from ours. */
  async function runForeignContainer() {
    const [ours] = await docker.listContainers();
    const foreign = await docker.createContainer({ name: 'foreign', Image: ours!.ImageID });
    await foreign.start();
  }
});

/** Asks a site as a browser does: with the name, not the address, in the Host header. */
function get(proxy: string, port: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    request(proxy, { headers: { host: `hoge-app.localhost:${port}` } }, async (response) =>
      resolve({ status: response.statusCode, body: await text(response) }),
    )
      .on('error', reject)
      .end();
  });
}
