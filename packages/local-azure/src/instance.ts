import { readFileSync, rmSync } from 'node:fs';
import type { DataDir } from './store/data-dir.ts';
import { takeLock } from './store/lock.ts';
import { writePrivateFile } from './store/private-file.ts';

/** What other programs must know of a running instance to use it. Kept in a file while it runs. */
export interface Instance {
  pid: number;
  /** Absent until the instance is ready. */
  port?: number;
  /** Milliseconds since the Unix epoch. */
  startedOn: number;
  dataDir: string;
  tenantId?: string;
  subscriptionId?: string;
  engine?: string;
  allowOtherHosts: boolean;
}

export const writeInstance = (dir: DataDir, instance: Instance) =>
  writePrivateFile(dir.instance, `${JSON.stringify(instance, undefined, 2)}\n`);

export const removeInstance = (dir: DataDir) => rmSync(dir.instance, { force: true });

/** What the file says, whether or not the instance that wrote it still runs. */
export function readInstance(dir: DataDir): Instance | undefined {
  try {
    return JSON.parse(readFileSync(dir.instance, 'utf8')) as Instance;
  } catch {
    return undefined;
  }
}

/**
 * The instance that runs on the folder; undefined when none does. The lock decides, not the file: one that a
 * killed instance left behind is not believed. The lock's holder wrote the file, so its process id is right.
 */
export function findInstance(dir: DataDir): Instance | undefined {
  const instance = readInstance(dir);
  if (!instance) return undefined;
  const lock = takeLock(dir.lock);
  if (!lock) return instance;
  lock.release();
  return undefined;
}
