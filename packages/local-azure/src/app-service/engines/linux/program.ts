import type { ContainerSpec } from '../engine.ts';
import { EngineError } from '../engine.ts';

/** What is executed in a container, and how. */
export interface Program {
  args: string[];
  env: Record<string, string>;
  cwd: string;
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Joins the image's configuration with the container's, as Docker does, and puts `more` on top. */
export function programOf(spec: ContainerSpec, hostName: string, more: Record<string, string> = {}): Program {
  const image = spec.image.config.config ?? {};
  const args = [...(image.Entrypoint ?? []), ...(spec.command ?? image.Cmd ?? [])];
  if (args.length === 0) {
    throw new EngineError(
      `no command specified: image ${spec.image.reference} has no entry point and no command`,
    );
  }
  return {
    args,
    env: {
      PATH: defaultPath,
      HOSTNAME: hostName,
      HOME: '/root',
      ...Object.fromEntries((image.Env ?? []).map(splitVariable)),
      ...spec.env,
      ...more,
    },
    cwd: image.WorkingDir || '/',
  };
}

function splitVariable(line: string): [string, string] {
  const at = line.indexOf('=');
  return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}
