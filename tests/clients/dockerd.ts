import { execFile, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findDockerSocket } from '../../packages/local-azure/src/app-service/engines/docker/docker-socket.ts';
import { missing } from '../tools.ts';

/** Why no Docker engine of our own can be started here; undefined when it can, and in CI, where it must. */
export function whyNoDockerd(): string | undefined {
  if (process.env.CI) return undefined;
  if (process.getuid?.() !== 0) return 'dockerd needs root';
  const program = missing('dockerd', 'ip');
  return program && `no ${program} on this machine (Debian: docker.io, iproute2)`;
}

export interface Dockerd {
  socketPath: string;
  stop(): Promise<void>;
}

/**
 * Starts a Docker engine that shares nothing with one that may be running, and touches no firewall. `prefix` runs
 * before it, such as `local-azure exec --`.
 */
export async function startDockerd(prefix: string[] = []): Promise<Dockerd> {
  const directory = await mkdtemp(join(tmpdir(), 'local-azure-dockerd-'));
  const path = (name: string) => join(directory, name);
  const socketPath = path('docker.sock');
  const log = await open(path('log'), 'w');
  const bridge = await createBridge();
  const [command, ...args] = [...prefix, 'dockerd'];
  const child = spawn(
    command!,
    [
      ...args,
      ...['--host', `unix://${socketPath}`, '--data-root', path('data'), '--exec-root', path('exec')],
      ...['--pidfile', path('pid'), '--bridge', bridge.name],
      ...['--iptables=false', '--ip-forward=false', '--ip-masq=false'],
    ],
    { stdio: ['ignore', log.fd, log.fd] },
  );
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await bridge.remove();
    await log.close();
    await rm(directory, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + 60_000; ; ) {
    const found = await findDockerSocket({ DOCKER_HOST: `unix://${socketPath}` });
    if ('socketPath' in found) return { socketPath, stop };
    if (child.exitCode !== null || Date.now() > deadline) {
      const lines = await readFile(path('log'), 'utf8');
      await stop();
      throw new Error(`dockerd did not start: ${found.reason}\n${lines}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A network of its own: dockerd's usual `docker0` may be another engine's, and stays behind when dockerd ends. */
async function createBridge() {
  const ip = (...args: string[]) => promisify(execFile)('ip', args);
  const name = `la-${randomBytes(4).toString('hex')}`;
  await ip('link', 'add', name, 'type', 'bridge');
  await ip('address', 'add', `10.${randomInt(128, 255)}.${randomInt(255)}.1/24`, 'dev', name);
  await ip('link', 'set', name, 'up');
  return { name, remove: () => ip('link', 'delete', name) };
}
