import Docker from 'dockerode';
import type { Container, ContainerSpec, Engine, Resources } from '../engine.ts';
import { engineError, startContainer } from './docker-container.ts';
import { openHostDoor } from './docker-host-door.ts';
import { loadImage } from './load-image.ts';

const fail = (error: unknown): never => {
  throw engineError(error);
};

const ownerLabel = 'local-azure.owner';

/** How long `close` lets containers finish. */
const closingGraceMs = 2000;

/** Runs containers in the engine behind a Docker-compatible socket. `owner` tells ours from anybody else's. */
export function createDockerEngine(socketPath: string, owner: string): Engine {
  // An empty host: otherwise DOCKER_HOST would go before the socket that was chosen.
  const docker = new Docker({ socketPath, host: '' });
  const containers = new Map<string, Container>();
  const loading = new Map<string, Promise<string>>();
  let closed = false;

  /** Several sites may start the same image together. */
  function load(image: ContainerSpec['image']): Promise<string> {
    const key = image.configFile.digest;
    const work = loading.get(key) ?? loadImage(docker, image).finally(() => loading.delete(key));
    loading.set(key, work);
    return work;
  }

  /** An engine refuses more processors than its machine has. */
  async function limits({ memoryBytes, cores }: Resources) {
    const { NCPU } = (await docker.info()) as { NCPU: number };
    return { Memory: memoryBytes, NanoCpus: Math.min(cores, NCPU) * 1e9 };
  }

  async function create(spec: ContainerSpec, env: Record<string, string>): Promise<Docker.Container> {
    const port = `${spec.port}/tcp`;
    return docker.createContainer({
      name: spec.name,
      Image: await load(spec.image),
      ...(spec.command && { Cmd: spec.command }),
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      Labels: { [ownerLabel]: owner },
      ExposedPorts: { [port]: {} },
      HostConfig: {
        PortBindings: { [port]: [{ HostIp: '127.0.0.1', HostPort: '' }] },
        ...(spec.resources && (await limits(spec.resources))),
      },
    });
  }

  async function run(spec: ContainerSpec): Promise<Container> {
    const door = spec.hostService && (await openHostDoor(docker, spec.hostService).catch(fail));
    const env = { ...spec.env, ...door?.env };
    const container = await create(spec, env)
      .catch(fail)
      .then((created) => startContainer(created, spec, door))
      .catch((error) => {
        door?.close();
        throw error;
      });
    containers.set(container.id, container);
    container.exited.then(() => {
      containers.delete(container.id);
      door?.close();
    });
    if (closed) await container.stop(0);
    return container;
  }

  async function removeForgotten(): Promise<void> {
    const filters = { label: [`${ownerLabel}=${owner}`] };
    const left = await docker.listContainers({ all: true, filters });
    const forgotten = left.filter(({ Id }) => !containers.has(Id));
    await Promise.all(forgotten.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  }

  return {
    name: 'docker',
    run,
    sweep: () => removeForgotten().catch(fail),
    async close() {
      closed = true;
      await Promise.all([...containers.values()].map((container) => container.stop(closingGraceMs)));
    },
  };
}
