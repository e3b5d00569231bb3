import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { parseSnapshot } from '../pull-path/saved-snapshot.ts';
import type { Snapshot } from '../pull-path/snapshot.ts';
import { stateFolder } from '../state-folder.ts';

/**
 * What a survey has read so far, kept in a file, so that one that was interrupted goes on. Snapshots hold no secret.
 */
export interface Checkpoint {
  /** By lower-case resource id: the apps that an earlier run has read, and not long ago. */
  kept: ReadonlyMap<string, Snapshot>;
  /** Once it returns, the snapshot survives the end of this process, by whatever cause. */
  keep(snapshot: Snapshot): void;
  /** The survey is complete: there is nothing to go on with. */
  finish(): void;
}

/** Older ones say too little of how things are now. */
export const keptForMs = 60 * 60 * 1000;

export const surveyFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  join(stateFolder(env), 'surveys');

export interface CheckpointOptions {
  /** Nothing else is in it. */
  folder: string;
  /** What the survey is about, and whose it is: others neither see nor need what it has read. */
  about: unknown;
  /** Begin anew, whatever was kept. */
  fresh: boolean;
  now: number;
}

export async function openCheckpoint({ folder, about, fresh, now }: CheckpointOptions): Promise<Checkpoint> {
  const name = createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 16);
  const path = join(folder, `${name}.jsonl`);
  const orFail = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new Failure(`What is read cannot be kept: ${(error as Error).message}`, {
        resource: path,
        next: 'set XDG_STATE_HOME to a folder that you may write to',
        cause: error,
      });
    }
  };
  const file = orFail(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    removeOld(folder);
    if (fresh) rmSync(path, { force: true });
    return openSync(path, 'a', 0o600);
  });
  const kept = new Map<string, Snapshot>();
  for (const line of orFail(() => readFileSync(path, 'utf8')).split('\n')) {
    // One that was cut off, or that another version has written, is read again.
    const snapshot = await parseSnapshot(line, path).catch(() => undefined);
    if (snapshot && now - Date.parse(snapshot.takenOn) < keptForMs)
      kept.set(snapshot.app.id.toLowerCase(), snapshot);
  }
  return {
    kept,
    // The line break comes first, so that a line that was cut off spoils no other.
    keep: (snapshot) => orFail(() => writeSync(file, `\n${JSON.stringify(snapshot)}`)),
    finish() {
      closeSync(file);
      rmSync(path, { force: true });
    },
  };
}

/** Of surveys that nobody went on with. By the clock of this machine, as files are. */
function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > keptForMs) rmSync(path, { force: true });
  }
}
