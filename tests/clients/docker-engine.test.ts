import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chooseEngine } from '../../packages/local-azure/src/app-service/engines/choose.ts';
import { createDockerEngine } from '../../packages/local-azure/src/app-service/engines/docker/docker-engine.ts';
import type { Engine, LocalImage } from '../../packages/local-azure/src/app-service/engines/engine.ts';
import { getWhenReady } from '../../packages/local-azure/test/container-http.ts';
import { assembleFileServer } from '../../packages/local-azure/test/container-image.ts';
import { describeEngine } from '../../packages/local-azure/test/engine-contract.ts';
import { startDockerd, whyNoDockerd } from './dockerd.ts';

const missing = whyNoDockerd();
const dockerd = missing ? undefined : await startDockerd();
const socketPath = dockerd?.socketPath ?? '';
afterAll(() => dockerd?.stop());

describeEngine('Docker engine', missing, async () => createDockerEngine(socketPath, 'contract'));

describe.skipIf(missing)(`Docker engine among others${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const docker = new Docker({ socketPath, host: '' });
  let directory: string;
  let image: LocalImage;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'local-azure-docker-'));
    image = await assembleFileServer(directory);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const start = async (engine: Engine, name: string) => {
    const container = await engine.run({ name, image, env: {}, port: 80, onOutput: () => {} });
    await getWhenReady(container, '/');
    return container;
  };
  const names = async () =>
    (await docker.listContainers({ all: true }))
      .flatMap(({ Names }) => Names.map((name) => name.slice(1)))
      .sort();

  test('sweep removes what the same owner left, and nothing else', async () => {
    const killed = await start(createDockerEngine(socketPath, 'me'), 'left-behind');
    const foreign = await start(createDockerEngine(socketPath, 'somebody-else'), 'foreign');
    const engine = createDockerEngine(socketPath, 'me');
    const mine = await start(engine, 'mine');
    await engine.sweep();
    expect(await names()).toEqual(['foreign', 'mine']);
    await killed.exited;
    await Promise.all([mine.stop(2000), foreign.stop(2000)]);
    expect(await names()).toEqual([]);
  });

  test('an image is loaded once', async () => {
    const engine = createDockerEngine(socketPath, 'me');
    await (await start(engine, 'one')).stop(2000);
    // Without its layers it could not be loaded again.
    const bare = { ...image, layers: image.layers.map((layer) => ({ ...layer, path: '/nowhere' })) };
    const again = await engine.run({ name: 'two', image: bare, env: {}, port: 80, onOutput: () => {} });
    await again.stop(2000);
  });

  test('a layer that cannot be read is an error, not a hanging start', async () => {
    const other = await assembleFileServer(join(directory, 'other'));
    other.configFile = { ...other.configFile, digest: `sha256:${'0'.repeat(64)}` };
    await rm(other.layers[0]!.path);
    const engine = createDockerEngine(socketPath, 'me');
    const starting = engine.run({ name: 'x', image: other, env: {}, port: 80, onOutput: () => {} });
    await expect(starting).rejects.toThrow(/ENOENT/);
  });

  test('a container that somebody removes has exited', async () => {
    const container = await start(createDockerEngine(socketPath, 'me'), 'victim');
    await docker.getContainer(container.id).remove({ force: true });
    await container.exited;
    await container.stop(0);
  });

  test('chooseEngine takes it when its socket answers', async () => {
    vi.stubEnv('DOCKER_HOST', `unix://${socketPath}`);
    const options = { dataDir: directory, owner: 'me' };
    expect(await chooseEngine({ ...options, preference: 'auto' })).toMatchObject({ name: 'docker' });
    vi.stubEnv('DOCKER_HOST', 'tcp://docker.example.com:2376');
    expect(await chooseEngine({ ...options, preference: 'docker' })).toEqual({
      reason: expect.stringContaining('DOCKER_HOST'),
    });
    vi.unstubAllEnvs();
  });
});
