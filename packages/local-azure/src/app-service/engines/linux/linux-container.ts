import { closeSync, constants, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { removeTree } from '../../../store/remove-tree.ts';
import type { Container, ContainerSpec } from '../engine.ts';
import { openNamespace } from './namespace.ts';
import { programOf } from './program.ts';

/** Starts a container over the unpacked image `lower`; all that it writes goes to `directory`, which ends with it. */
export async function startContainer(
  id: string,
  directory: string,
  lower: string,
  spec: ContainerSpec,
): Promise<Container> {
  const program = programOf(spec, id);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of ['upper', 'work', 'root']) await mkdir(join(directory, name));
  // A Unix socket's address has room for about 100 bytes; by way of the open directory every path is short.
  const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  const namespace = openNamespace(
    { directory, lower: relative(directory, lower), hostName: id, port: spec.port, program },
    spec.onOutput,
  );
  const exited = namespace.exited.then(async (exit) => {
    closeSync(fd);
    await removeTree(directory).catch(() => {}); // The next sweep tries again.
    return exit;
  });
  try {
    await namespace.started;
  } catch (error) {
    await exited;
    throw error;
  }
  return {
    id,
    // The name is the container's own, so that an address kept too long never leads to another one.
    address: { socketPath: `/proc/self/fd/${fd}/${id}.sock` },
    exited,
    async stop(graceMs) {
      namespace.signal('SIGTERM');
      const timer = setTimeout(namespace.kill, graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}
