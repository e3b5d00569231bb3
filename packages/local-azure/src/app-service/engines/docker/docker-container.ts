import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { type Container, type ContainerExit, type ContainerSpec, EngineError } from '../engine.ts';
import { splitLines } from '../lines.ts';
import type { HostDoor } from './docker-host-door.ts';

/** Starts a created container, and removes it when it ends, or cannot start. */
export async function startContainer(
  container: Docker.Container,
  spec: ContainerSpec,
  door: HostDoor | undefined,
): Promise<Container> {
  const remove = () => container.remove({ force: true, v: true }).catch(ignoreAbsence);
  try {
    // Attached before the start, so that no line is missed.
    const output = await container.attach({ stream: true, stdout: true, stderr: true });
    const outputRead = readOutput(container, output, spec.onOutput);
    await container.start();
    const ended = container.wait() as Promise<{ StatusCode: number }>;
    const exited = Promise.all([ended, outputRead]).then(
      ([{ StatusCode }]): ContainerExit => ({ code: StatusCode, signal: null }),
      (): ContainerExit => ({ code: null, signal: null }), // The engine itself has gone, or somebody removed it.
    );
    const gone = exited.then(remove);
    const { NetworkSettings } = await container.inspect();
    door?.open(Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '');
    return {
      id: container.id,
      shortfalls: spec.hostService && !door ? [noHostService] : [],
      address: publishedAddress(NetworkSettings, spec.port),
      exited,
      async stop(graceMs) {
        await container.stop({ t: Math.ceil(graceMs / 1000) }).catch(ignoreAbsence);
        await gone;
      },
    };
  } catch (error) {
    const { State } = await container.inspect().catch(() => ({ State: undefined }));
    await remove();
    throw new EngineError(messageOf(error), { cause: error, exitCode: State?.ExitCode || undefined });
  }
}

const noHostService =
  'it has no IDENTITY_ENDPOINT, because the gateway of its network is not on this machine.';

function publishedAddress({ Ports }: Docker.ContainerInspectInfo['NetworkSettings'], port: number) {
  const binding = Ports[`${port}/tcp`]?.[0];
  if (binding) return { host: '127.0.0.1', port: Number(binding.HostPort) };
  // It has ended already, and its port with it. Nothing answers on port 1 (tcpmux) either.
  return { host: '127.0.0.1', port: 1 };
}

async function readOutput(
  container: Docker.Container,
  output: NodeJS.ReadWriteStream,
  onOutput: ContainerSpec['onOutput'],
): Promise<void> {
  const streams = (['stdout', 'stderr'] as const).map((name) => {
    const lines = splitLines((line) => onOutput(name, line));
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.write(chunk);
        done();
      },
    });
    return { lines, sink };
  });
  container.modem.demuxStream(output, streams[0]!.sink, streams[1]!.sink);
  await finished(output, { writable: false }).catch(() => {});
  for (const { lines } of streams) lines.end();
}

/** Docker's answer without the words that dockerode puts around it. */
function messageOf(error: unknown): string {
  const { json, message } = error as { json?: { message?: string }; message: string };
  return json?.message ?? message.replace(/^\(HTTP code \d+\) [\w ]+ - /, '');
}

/** Docker's refusal as an engine's own: what it says is for the log. */
export const engineError = (error: unknown) =>
  error instanceof EngineError ? error : new EngineError(messageOf(error), { cause: error });

function ignoreAbsence(error: { statusCode?: number }) {
  // 304: has ended already; 404: is gone; 409: is being removed by somebody else.
  if (![304, 404, 409].includes(error.statusCode ?? 0)) throw engineError(error);
}
