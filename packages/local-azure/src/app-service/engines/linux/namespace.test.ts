import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { get, getWhenReady } from '../../../../test/container-http.ts';
import { assembleFileServer } from '../../../../test/container-image.ts';
import { commandLine, descendants, isAlive } from '../../../../test/processes.ts';
import type { Container, Engine, LocalImage } from '../engine.ts';
import { createLinuxEngine } from './linux-engine.ts';
import { whyNoNamespaces } from './probe.ts';

const missing = process.env.CI ? undefined : await whyNoNamespaces();
const here = missing ? ` (skipped: ${missing})` : '';

let directory: string;
let engine: Engine;
let image: LocalImage;

beforeAll(async () => {
  // A path longer than the address of a Unix socket.
  directory = await mkdtemp(join(tmpdir(), `local-azure-${'long-'.repeat(25)}`));
  engine = createLinuxEngine(join(directory, 'engine'));
  image = await assembleFileServer(join(directory, 'blobs'));
});
afterAll(async () => {
  await engine?.close();
  await rm(directory, { recursive: true, force: true });
});

async function run(env: Record<string, string> = {}) {
  const container = await engine.run({ name: 'site', image, env, port: 80, onOutput: () => {} });
  await getWhenReady(container, '/');
  const pids = await descendants(process.pid);
  const lines = await Promise.all(pids.map(commandLine));
  const program = pids[lines.findIndex((line) => line.startsWith('/esbuild'))]!;
  return { container, program, lines };
}

const inside = (pid: number, path: string) => `/proc/${pid}/root${path}`;

describe.skipIf(missing)(`inside of a container${here}`, () => {
  let container: Container;
  let program: number;
  let lines: string[];
  beforeAll(async () => {
    ({ container, program, lines } = await run({ SECRET_SETTING: 'hunter2' }));
  });
  afterAll(() => container?.stop(5000));

  test('there are the files of the image, those that every program expects, and none of the host', async () => {
    expect((await readdir(inside(program, '/'))).sort()).toEqual(
      ['dev', 'esbuild', 'etc', 'proc', 'sys', 'www'].sort(),
    );
    expect(await readFile(inside(program, '/etc/hostname'), 'utf8')).toBe(`${container.id}\n`);
    expect(await readFile(inside(program, '/etc/hosts'), 'utf8')).toContain('127.0.0.1\tlocalhost');
    for (const device of ['null', 'zero', 'full', 'random', 'urandom', 'tty']) {
      expect((await lstat(inside(program, `/dev/${device}`))).isCharacterDevice()).toBe(true);
    }
    const mounts = await readFile(`/proc/${program}/mounts`, 'utf8');
    expect(mounts).toMatch(/^overlay \/ overlay /);
    expect(mounts).toMatch(/^proc \/proc\/sys proc ro,/m);
    expect(mounts).not.toContain(' ext');
  });

  test('the program has the capabilities that Docker leaves it, and its three streams', async () => {
    const status = await readFile(`/proc/${program}/status`, 'utf8');
    for (const set of ['CapPrm', 'CapEff', 'CapBnd']) expect(status).toMatch(`${set}:\t00000000a80425fb`);
    const opened = await Promise.all([0, 1, 2].map((fd) => readlink(`/proc/${program}/fd/${fd}`)));
    // Pipes, not sockets: a program may open /dev/stdout.
    expect(opened).toEqual(['/dev/null', expect.stringMatching(/^pipe:/), expect.stringMatching(/^pipe:/)]);
  });

  test('the settings are in its environment and on no command line', async () => {
    expect(await readFile(`/proc/${program}/environ`, 'utf8')).toContain('SECRET_SETTING=hunter2');
    expect(lines.join('\n')).not.toContain('hunter2');
  });

  test('what it writes stays in its own layer', async () => {
    await writeFile(inside(program, '/www/new.txt'), 'mine');
    expect(await get(container, '/new.txt')).toBe('mine');
    const other = await run();
    expect(await get(other.container, '/new.txt')).not.toBe('mine');
    await other.container.stop(5000);
  });

  test('a client that hangs up does not disturb it', async () => {
    const address = container.address as { socketPath: string };
    for (let i = 0; i < 20; i++) {
      const socket = connect(address.socketPath);
      await once(socket, 'connect');
      socket.write('GET / HTTP/1.1\r\n');
      socket.destroy();
    }
    expect(await get(container, '/')).toBe('Hello from the container');
  });
});

describe.skipIf(missing)(`the end of a container${here}`, () => {
  test('SIGTERM ends it, and nothing of it stays on the disk', async () => {
    const { container } = await run();
    await container.stop(5000);
    expect(await container.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(await readdir(join(directory, 'engine/containers'))).not.toContain(container.id);
  });

  test('who does not end in time is killed', async () => {
    const { container, program } = await run();
    process.kill(program, 'SIGSTOP');
    await container.stop(50);
    expect(await container.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await isAlive(program)).toBe(false);
  });

  test('the program is killed by somebody else: the signal is told', async () => {
    const { container, program } = await run();
    process.kill(program, 'SIGABRT');
    const exit = await container.exited;
    expect(exit.code ?? exit.signal).toBeTruthy();
    await container.stop(0);
  });

  test('kill -9 of the local Azure leaves no process, and the next one sweeps the files', async () => {
    const home = join(directory, 'killed');
    const file = (name: string) => fileURLToPath(new URL(`../../../../test/${name}`, import.meta.url));
    const child = spawn(
      process.execPath,
      ['--import', file('typescript-loader.mjs'), file('run-container.ts'), home],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(child.stdout, 'data');
    const below = await descendants(child.pid!);
    expect((await Promise.all(below.map(commandLine))).join('\n')).toContain('/esbuild --serve');
    child.kill('SIGKILL');
    await vi.waitFor(async () => {
      expect(await Promise.all(below.map(isAlive))).toEqual(below.map(() => false));
    }, 5000);

    const containers = join(home, 'engine/containers');
    expect(await readdir(containers)).toHaveLength(1);
    await createLinuxEngine(join(home, 'engine')).sweep();
    expect(await readdir(containers)).toEqual([]);
  });
});
