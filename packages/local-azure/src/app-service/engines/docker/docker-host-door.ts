import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type Docker from 'dockerode';
import type { HostService } from '../engine.ts';

/** A way for one container to a service of the host's. */
export interface HostDoor {
  env: Record<string, string>;
  /** Lets the container in, once its address is known; until then who knocks waits. Nobody else is let in. */
  open(address: string): void;
  close(): void;
}

/**
 * Listens where a container on the default network finds its host: at the network's gateway. Undefined where that is no
 * address of this machine: the engine runs in a machine or a network namespace of its own.
 */
export async function openHostDoor(docker: Docker, service: HostService): Promise<HostDoor | undefined> {
  const gateway = await gatewayOf(docker);
  if (gateway === undefined) return undefined;
  let open = (_address: string) => {};
  const expected = new Promise<string>((resolve) => {
    open = resolve;
  });
  const server = createServer((connection: Socket) => {
    const ignore = () => {}; // It hung up while it waited.
    connection.on('error', ignore);
    void expected.then((address) => {
      if (connection.remoteAddress !== address) return connection.resetAndDestroy();
      connection.off('error', ignore);
      service.serve(connection);
    });
  });
  try {
    await once(server.listen(0, gateway), 'listening');
  } catch {
    return undefined;
  }
  const { port } = server.address() as { port: number };
  return {
    env: service.env(`http://${gateway}:${port}`),
    open,
    close: () => server.close(),
  };
}

async function gatewayOf(docker: Docker): Promise<string | undefined> {
  const { IPAM } = await docker.getNetwork('bridge').inspect();
  const gateways = (IPAM?.Config ?? []).map((range) => range.Gateway);
  return gateways.find((gateway) => gateway?.includes('.'));
}
