import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../../../store/remove-tree.ts';
import { createRootStore } from '../../rootfs/root-store.ts';
import { type Container, type ContainerSpec, type Engine, EngineError } from '../engine.ts';
import { startContainer } from './linux-container.ts';

export interface LinuxEngineOptions {
  /** What an image may have, unpacked. */
  maxImageBytes?: number;
}

/** How long `close` lets containers finish. */
const closingGraceMs = 2000;

/**
 * Our own engine on Linux namespaces; it needs neither root nor anything installed but `unshare`.
 *
 * `directory` is this engine's alone: `images` holds unpacked images, for the next start as well, and `containers`
 * what each running container has written. A container has a loopback network only.
 */
export function createLinuxEngine(directory: string, { maxImageBytes }: LinuxEngineOptions = {}): Engine {
  const images = createRootStore(join(directory, 'images'), maxImageBytes);
  const containersDirectory = join(directory, 'containers');
  const containers = new Map<string, Promise<Container>>();
  let closed = false;

  async function run(spec: ContainerSpec): Promise<Container> {
    const lower = await images.unpack(spec.image);
    if (closed) throw new EngineError('the container engine is closed');
    const id = randomBytes(6).toString('hex');
    const starting = startContainer(id, join(containersDirectory, id), lower, spec);
    containers.set(id, starting);
    const forget = () => containers.delete(id);
    starting.then((container) => container.exited.then(forget), forget);
    return starting;
  }

  return {
    name: 'linux',
    run,
    async sweep() {
      await images.sweep();
      const left = await readdir(containersDirectory).catch(() => []);
      const dead = left.filter((id) => !containers.has(id));
      await Promise.all(dead.map((id) => removeTree(join(containersDirectory, id))));
    },
    async close() {
      closed = true;
      const stop = (starting: Promise<Container>) =>
        starting.then(
          (container) => container.stop(closingGraceMs),
          () => {}, // It never started.
        );
      await Promise.all([...containers.values()].map(stop));
    },
  };
}
