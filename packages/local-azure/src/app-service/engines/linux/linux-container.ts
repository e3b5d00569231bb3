import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { removeTree } from '../../../store/remove-tree.ts';
import type { Container, ContainerSpec } from '../engine.ts';
import { openNamespace } from './namespace.ts';
import { programOf } from './program.ts';

/** What leads to the host: a socket in the container's directory, and the first port that its program does not use. */
const hostSocket = 'host.sock';
const hostPorts = [41_741, 41_742];

/** Starts a container over the unpacked image `lower`; all that it writes goes to `directory`, which ends with it. */
export async function startContainer(
  id: string,
  directory: string,
  lower: string,
  spec: ContainerSpec,
): Promise<Container> {
  const { hostService } = spec;
  const hostPort = hostPorts.find((port) => port !== spec.port)!;
  const program = programOf(spec, id, hostService?.env(`http://127.0.0.1:${hostPort}`));
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of ['upper', 'work', 'root']) await mkdir(join(directory, name));
  // A Unix socket's address has room for about 100 bytes; by way of the open directory every path is short.
  const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  const short = (name: string) => `/proc/self/fd/${fd}/${name}`;
  const host = hostService && createServer({ allowHalfOpen: true }, hostService.serve);
  if (host) await once(host.listen(short(hostSocket)), 'listening');
  const namespace = openNamespace(
    {
      directory,
      lower: relative(directory, lower),
      hostName: id,
      port: spec.port,
      ...(host ? { host: { port: hostPort, socket: hostSocket } } : {}),
      program,
    },
    spec.onOutput,
  );
  const exited = namespace.exited.then(async (exit) => {
    host?.close();
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
    address: { socketPath: short(`${id}.sock`) },
    shortfalls: [],
    exited,
    async stop(graceMs) {
      namespace.signal('SIGTERM');
      const timer = setTimeout(namespace.kill, graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}
