import { join } from 'node:path';
import { findDockerSocket } from './docker/docker-socket.ts';
import type { Engine, NoEngine } from './engine.ts';

export type EnginePreference = 'auto' | 'docker' | 'linux' | 'none';

/**
 * Finds out how containers can run on this machine: a Docker-compatible engine that answers, else Linux namespaces,
 * else not at all. Each engine's parts are loaded only when it is the one.
 */
export async function chooseEngine(options: {
  dataDir: string;
  /** Names this instance of the local Azure among all that use the same Docker engine. */
  owner: string;
  preference: EnginePreference;
}): Promise<Engine | NoEngine> {
  const { dataDir, owner, preference } = options;
  if (preference === 'none') return { reason: 'running containers is turned off' };
  const reasons: string[] = [];

  if (preference !== 'linux') {
    const docker = await findDockerSocket();
    if ('socketPath' in docker) {
      const { createDockerEngine } = await import('./docker/docker-engine.ts');
      return createDockerEngine(docker.socketPath, owner);
    }
    reasons.push(docker.reason);
  }
  if (preference !== 'docker') {
    const { whyNoNamespaces } = await import('./linux/probe.ts');
    const reason = await whyNoNamespaces();
    if (reason === undefined) {
      const { createLinuxEngine } = await import('./linux/linux-engine.ts');
      return createLinuxEngine(join(dataDir, 'linux-engine'));
    }
    reasons.push(reason);
  }
  return { reason: reasons.join('; ') };
}
