import { findInstance, type Instance } from '../instance.ts';
import { type DataDir, dataDir } from '../store/data-dir.ts';
import { UserError } from '../user-error.ts';
import { commandLine } from './command-line.ts';

export type ReadyInstance = Instance & { port: number };

/** The instance that runs on the folder and is ready, or the error that says what to do. */
export function runningInstance(path: string): { dir: DataDir; instance: ReadyInstance } {
  const dir = dataDir(path);
  const instance = findInstance(dir);
  if (!instance)
    throw new UserError(
      `local-azure is not running on the folder ${dir.path}.`,
      `Start it: ${commandLine('start', dir.path)}`,
    );
  const { port } = instance;
  if (port === undefined)
    throw new UserError(`local-azure (process ${instance.pid}) is still starting.`, 'Try again in a second.');
  return { dir, instance: { ...instance, port } };
}
