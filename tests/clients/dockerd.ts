import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDockerSocket } from '../../packages/local-azure/src/app-service/engines/docker/docker-socket.ts';

/** Why no Docker engine of our own can be started here; undefined when it can. */
export async function whyNoDockerd(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'dockerd needs root';
  for (const directory of (process.env.PATH ?? '').split(':')) {
    if (
      await access(join(directory, 'dockerd')).then(
        () => true,
        () => false,
      )
    )
      return undefined;
  }
  return 'dockerd (package docker.io) is not installed';
}

/** Starts a Docker engine that shares nothing with one that may be running, and touches no firewall. */
export async function startDockerd(): Promise<{ socketPath: string; stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'local-azure-dockerd-'));
  const path = (name: string) => join(directory, name);
  const socketPath = path('docker.sock');
  const log = await open(path('log'), 'w');
  const child = spawn(
    'dockerd',
    [
      ...['--host', `unix://${socketPath}`, '--data-root', path('data'), '--exec-root', path('exec')],
      ...['--pidfile', path('pid'), '--iptables=false', '--ip-forward=false', '--ip-masq=false'],
    ],
    { stdio: ['ignore', log.fd, log.fd] },
  );
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
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
