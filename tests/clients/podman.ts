import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findDockerSocket } from '../../packages/local-azure/src/app-service/engines/docker/docker-socket.ts';
import { missing } from '../tools.ts';

/** Why no Podman of our own can serve Docker's API here; undefined when it can. It is no part of what CI installs. */
export function whyNoPodman(): string | undefined {
  if (process.getuid?.() !== 0) return 'Podman without root has networks of its own';
  const program = missing('podman', 'runc', 'ip');
  return program && `no ${program} on this machine (Debian: podman, runc, iproute2)`;
}

/** The bridge of Podman's usual network, which stays when the last container has gone. */
const bridge = 'cni-podman0';
const hasBridge = () => existsSync(`/sys/class/net/${bridge}`);

/** Podman behind Docker's API, with images, containers and settings of its own. Its network is the usual one. */
export async function startPodman(): Promise<{ socketPath: string; stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'local-azure-podman-'));
  const hadBridge = hasBridge();
  const socketPath = join(directory, 'podman.sock');
  const settings = join(directory, 'containers.conf');
  // Without systemd, and with no more open files than this process may have. crun needs cgroups of the newer kind.
  await writeFile(
    settings,
    '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n' +
      '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\nruntime = "runc"\n',
  );
  const child = spawn(
    'podman',
    [
      ...['--root', join(directory, 'root'), '--runroot', join(directory, 'run'), '--storage-driver', 'vfs'],
      ...['system', 'service', '--time', '0', `unix://${socketPath}`],
    ],
    { stdio: 'ignore', env: { ...process.env, CONTAINERS_CONF: settings } },
  );
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    if (!hadBridge && hasBridge()) await promisify(execFile)('ip', ['link', 'delete', bridge]);
    await rm(directory, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + 30_000; ; ) {
    const found = await findDockerSocket({ DOCKER_HOST: `unix://${socketPath}` });
    if ('socketPath' in found) return { socketPath, stop };
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`podman did not start: ${found.reason}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
