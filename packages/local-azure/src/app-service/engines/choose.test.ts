import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { chooseEngine } from './choose.ts';
import { findDockerSocket, socketCandidates } from './docker/docker-socket.ts';
import { forbiddingSettings } from './linux/probe.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-azure-choose-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('none: a reason that can be shown', async () => {
  expect(await chooseEngine({ dataDir: directory, owner: 'me', preference: 'none' })).toEqual({
    reason: 'running containers is turned off',
  });
});

describe('the Docker socket', () => {
  test.each([
    [{ DOCKER_HOST: 'unix:///tmp/docker.sock' }, { paths: ['/tmp/docker.sock'] }],
    [{ DOCKER_HOST: 'tcp://10.0.0.1:2375' }, { reason: expect.stringContaining('DOCKER_HOST') }],
    [{ DOCKER_HOST: 'ssh://me@build' }, { reason: expect.stringContaining('DOCKER_HOST') }],
  ])('candidates of %j', (env, expected) => expect(socketCandidates(env)).toEqual(expected));

  test.skipIf(process.platform === 'win32')(
    'without DOCKER_HOST: the system, then the user, then Podman',
    () => {
      expect(socketCandidates({ XDG_RUNTIME_DIR: '/run/user/1000' })).toEqual({
        paths: [
          '/var/run/docker.sock',
          expect.stringMatching(/\.docker\/run\/docker\.sock$/),
          '/run/user/1000/docker.sock',
          '/run/user/1000/podman/podman.sock',
        ],
      });
    },
  );

  test.each<[string, (respond: (status: number, body: string) => void) => void, RegExp]>([
    ['another service', (respond) => respond(404, 'no'), /not a Docker-compatible engine/],
    ['an engine for Windows containers', (respond) => respond(200, '{"Os":"windows"}'), /windows containers/],
    ['one that hangs', () => {}, /no answer in 1000 ms/],
  ])('%s is not taken', async (_what, answer, says) => {
    const socketPath = join(directory, 'engine.sock');
    const server = createServer((_request, response) =>
      answer((status, body) => response.writeHead(status).end(body)),
    );
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const found = await findDockerSocket({ DOCKER_HOST: `unix://${socketPath}` });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(found).toEqual({ reason: expect.stringMatching(says) });
  });

  test('a socket that is not there', async () => {
    expect(await findDockerSocket({ DOCKER_HOST: `unix://${directory}/absent.sock` })).toEqual({
      reason: expect.stringContaining('absent.sock: ENOENT'),
    });
  });
});

describe('on another platform', () => {
  const { platform } = process;
  afterEach(() => {
    Object.defineProperty(process, 'platform', { value: platform });
    vi.doUnmock('koffi');
    vi.resetModules();
  });

  test.each(['darwin', 'win32'])('%s: everything loads, and namespaces are not even tried', async (name) => {
    await import('libsql'); // Has a binary of its own for each platform, of which only this one's is installed.
    Object.defineProperty(process, 'platform', { value: name });
    vi.resetModules();
    vi.doMock('koffi', () => {
      throw new Error('koffi was loaded');
    });
    await import('../../index.ts');
    const { chooseEngine: choose } = await import('./choose.ts');
    expect(await choose({ dataDir: directory, owner: 'test', preference: 'linux' })).toEqual({
      reason: 'Linux namespaces exist on Linux only',
    });
  });
});

test('settings that forbid namespaces are named with their remedy', async () => {
  await mkdir(join(directory, 'user'));
  await mkdir(join(directory, 'kernel'));
  await writeFile(join(directory, 'user/max_user_namespaces'), '0\n');
  await writeFile(join(directory, 'kernel/apparmor_restrict_unprivileged_userns'), '1\n');
  await writeFile(join(directory, 'kernel/unprivileged_userns_clone'), '1\n');
  expect(await forbiddingSettings(directory)).toEqual([
    expect.stringMatching(/max_user_namespaces is 0: `sudo sysctl -w user\.max_user_namespaces=15000`/),
    expect.stringMatching(/apparmor_restrict_unprivileged_userns is 1: `sudo sysctl -w kernel\.apparmor/),
  ]);
});
