import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

/** A local engine answers in milliseconds; one that hangs must not keep the local Azure from starting. */
const answerTimeoutMs = 1000;

/** Finds a Docker-compatible engine on this machine: Docker or Podman, the user's own or the system's. */
export async function findDockerSocket(
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ socketPath: string } | { reason: string }> {
  const candidates = socketCandidates(env);
  if ('reason' in candidates) return candidates;
  const reasons: string[] = [];
  for (const socketPath of candidates.paths) {
    const problem = await whyUnusable(socketPath);
    if (problem === undefined) return { socketPath };
    reasons.push(`${socketPath}: ${problem}`);
  }
  return { reason: `no Docker-compatible engine answers (${reasons.join('; ')})` };
}

export function socketCandidates(env: NodeJS.ProcessEnv): { paths: string[] } | { reason: string } {
  const host = env.DOCKER_HOST;
  if (host) {
    const path = /^(?:unix|npipe):\/\/(?<path>.+)$/.exec(host)?.groups?.path;
    // The ports that a remote engine publishes on its loopback are out of reach from here.
    return path
      ? { paths: [path] }
      : { reason: 'DOCKER_HOST does not name a socket of this machine (unix://…)' };
  }
  if (process.platform === 'win32') return { paths: ['//./pipe/docker_engine'] };
  return {
    paths: [
      '/var/run/docker.sock',
      join(homedir(), '.docker/run/docker.sock'),
      ...(env.XDG_RUNTIME_DIR
        ? [join(env.XDG_RUNTIME_DIR, 'docker.sock'), join(env.XDG_RUNTIME_DIR, 'podman/podman.sock')]
        : []),
    ],
  };
}

/** Undefined when an engine answers that runs Linux containers. */
function whyUnusable(socketPath: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(answerTimeoutMs);
    request(
      { socketPath, path: '/version', headers: { host: 'docker' }, agent: false, signal },
      async (response) => {
        const version = (await json(response).catch(() => undefined)) as { Os?: string } | undefined;
        if (response.statusCode !== 200 || version === undefined)
          resolve('it is not a Docker-compatible engine');
        else resolve(version.Os === 'linux' ? undefined : `it runs ${version.Os} containers, not Linux ones`);
      },
    )
      .on('error', (error: NodeJS.ErrnoException) =>
        resolve(signal.aborted ? `no answer in ${answerTimeoutMs} ms` : (error.code ?? error.message)),
      )
      .end();
  });
}
