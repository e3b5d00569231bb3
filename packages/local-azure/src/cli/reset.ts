import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { findInstance } from '../instance.ts';
import { dataDir, holdsState } from '../store/data-dir.ts';
import { takeLock } from '../store/lock.ts';
import { removeTree } from '../store/remove-tree.ts';
import { UserError } from '../user-error.ts';
import { commandLine } from './command-line.ts';

/** `local-azure reset` */
export async function reset(options: { dataDir: string; yes: boolean; json?: boolean }): Promise<void> {
  const dir = dataDir(options.dataDir);
  const present = holdsState(dir);
  if (present) {
    if (!options.yes) await confirm(dir.path);
    const lock = takeLock(dir.lock);
    if (!lock)
      throw new UserError(
        `local-azure (process ${findInstance(dir)?.pid}) is running on the folder ${dir.path}.`,
        `Stop it first: ${commandLine('stop', dir.path)}`,
      );
    try {
      // What it made itself, by name, the lock last: the folder may be one that the user chose.
      const { path: _path, lock: _lock, ...own } = dir;
      for (const path of [...Object.values(own), `${dir.database}-wal`, `${dir.database}-shm`])
        await removeTree(path);
    } finally {
      lock.release();
    }
    for (const path of [dir.lock, `${dir.lock}-journal`]) rmSync(path, { force: true });
  }
  if (options.json) console.log(JSON.stringify({ deleted: present, dataDir: dir.path }));
  else console.log(present ? `Deleted all state in ${dir.path}.` : `There is no state in ${dir.path}.`);
}

async function confirm(path: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new UserError(
      'This deletes all state, and there is no terminal to ask on.',
      `To agree: ${commandLine('reset', path, '--yes')}`,
    );
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Delete every resource, image and credential in ${path}? [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('Nothing was deleted.', 'To agree, answer y.');
}
