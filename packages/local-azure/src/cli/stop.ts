import { setTimeout as sleep } from 'node:timers/promises';
import { findInstance } from '../instance.ts';
import { dataDir } from '../store/data-dir.ts';
import { UserError } from '../user-error.ts';

/** Longer than an orderly end takes, with the time that containers get to finish. */
const patienceMs = 20_000;

/** `local-azure stop` */
export async function stop(options: { dataDir: string; json?: boolean }): Promise<void> {
  const dir = dataDir(options.dataDir);
  const instance = findInstance(dir);
  if (instance) {
    askToEnd(instance.pid);
    const until = Date.now() + patienceMs;
    while (findInstance(dir)?.pid === instance.pid) {
      if (Date.now() > until)
        throw new UserError(
          `local-azure (process ${instance.pid}) has not ended after ${patienceMs / 1000} seconds.`,
          `End it by force, which loses nothing that was acknowledged: kill -9 ${instance.pid}`,
        );
      await sleep(50);
    }
  }
  if (options.json) console.log(JSON.stringify({ stopped: instance !== undefined, pid: instance?.pid }));
  else
    console.log(
      instance
        ? `Stopped (process ${instance.pid}).`
        : `local-azure was not running on the folder ${dir.path}.`,
    );
}

function askToEnd(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    // It ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
