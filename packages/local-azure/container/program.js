/** Finds and starts the container's program, inside its own root. */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { dropFromBoundingSet, spawn, systemError } from './kernel.js';

/**
 * Goes to the program's directory and looks it up as a shell does. What it throws has the exit code that a shell would
 * end with.
 */
export function findProgram({ args: [name], env, cwd }) {
  mkdirSync(cwd, { recursive: true });
  process.chdir(cwd);
  if (name.includes('/')) {
    const path = resolve(name);
    const problem = whyNotExecutable(path);
    if (problem === undefined) return path;
    throw notStarted(`exec: "${name}": ${problem.message}`, problem.code === 'ENOENT' ? 127 : 126);
  }
  for (const directory of (env.PATH ?? '').split(':')) {
    const path = resolve(directory, name);
    if (whyNotExecutable(path) === undefined) return path;
  }
  throw notStarted(`exec: "${name}": executable file not found in $PATH`, 127);
}

const notStarted = (message, exitCode) => Object.assign(new Error(message), { exitCode });

function whyNotExecutable(path) {
  try {
    if (statSync(path).isDirectory()) return Object.assign(new Error('is a directory'), { code: 'EACCES' });
    accessSync(path, constants.X_OK);
    return undefined;
  } catch (error) {
    return systemError(-error.errno);
  }
}

/** What Docker leaves to a container. Source: moby/moby oci/caps/defaults.go, numbers: include/uapi/linux/capability.h */
const keptCapabilities = new Set([
  0, // CHOWN
  1, // DAC_OVERRIDE
  3, // FOWNER
  4, // FSETID
  5, // KILL
  6, // SETGID
  7, // SETUID
  8, // SETPCAP
  10, // NET_BIND_SERVICE
  13, // NET_RAW
  18, // SYS_CHROOT
  27, // MKNOD
  29, // AUDIT_WRITE
  31, // SETFCAP
]);

/**
 * Starts the program and returns its process id. With fewer capabilities than this process it can neither mount nor
 * trace it, so it cannot reach the host through the files that this process holds.
 */
export function startProgram(path, { args, env }) {
  for (let capability = 0; capability < 64; capability++) {
    if (!keptCapabilities.has(capability)) dropFromBoundingSet(capability);
  }
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return spawn(path, args, variables);
}
