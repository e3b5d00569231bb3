import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createDataDir } from '../store/data-dir.ts';
import { UserError } from '../user-error.ts';
import type { ReadyReport, Signal, StartOptions } from './start.ts';

/** Starts an instance in the background and waits until it is ready. Its output goes to a file in the folder. */
export async function startDetached(options: StartOptions): Promise<ReadyReport> {
  const dir = createDataDir(options.dataDir);
  const log = openSync(dir.log, 'a', 0o600);
  const child = spawn(
    process.execPath,
    [
      process.argv[1]!,
      'start',
      ...['--data-dir', dir.path, '--port', `${options.port}`, '--propagation', `${options.propagation}`],
      ...options.fault.flatMap((fault) => ['--fault', fault]),
      ...['--engine', options.engine, '--worker-log', options.workerLog],
      ...(options.allowOtherHosts ? ['--allow-other-hosts'] : []),
      ...(options.rateLimits ? ['--rate-limits'] : []),
    ],
    { detached: true, cwd: dir.path, stdio: ['ignore', log, log, 'ipc'], windowsHide: true },
  );
  closeSync(log);

  const exited = once(child, 'exit').then(
    (): Signal => ({ failed: { message: 'It ended while it started.' } }),
  );
  const told = once(child, 'message').then(([signal]): Signal => signal);
  const signal = await Promise.race([told, exited]);
  if ('failed' in signal)
    throw new UserError(signal.failed.message, signal.failed.hint ?? `Its output is in ${dir.log}`);
  if (child.connected) child.disconnect();
  child.unref();
  return signal.ready;
}
