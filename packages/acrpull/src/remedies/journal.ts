import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { stateFolder } from '../state-folder.ts';
import type { Write } from './writes/write.ts';

/**
 * What one run of `fix` or `undo` does, step by step, in a file of its own: a line of JSON for each event, on disk
 * before the write that it announces is made. So whatever ends the run, the file says what may have been done. It holds
 * no secret, since a write holds none; nobody else may read it all the same.
 */
export interface Journal {
  run: RunHeader;
  file: string;
  /** Announces a write; returns the number of its step. */
  begin(write: Write): number;
  /** The write was made and read back. It may know more than it did, such as the id of a new identity. */
  done(step: number, write: Write): void;
  /** It may have been made all the same. */
  failed(step: number, message: string): void;
  /** All that was planned is done. */
  complete(): void;
  close(): void;
}

export interface RunHeader {
  schema: 'acrpull.run/1';
  id: string;
  command: 'fix' | 'undo';
  /** Of an `undo`: the run that it takes back. */
  undoes: string | null;
  target: Target;
  /** ISO 8601. */
  startedOn: string;
  app: { id: string; name: string };
}

/** Which Azure was written to: a run on the one means nothing on the other. */
export type Target = 'azure' | 'local-azure';

/** A run as its journal tells it. */
export interface Run extends RunHeader {
  file: string;
  complete: boolean;
  steps: RunStep[];
}

export interface RunStep {
  write: Write;
  /** What is `begun` or `failed` may have been done: Azure knows. */
  state: 'begun' | 'done' | 'failed';
}

type Line =
  | RunHeader
  | { step: number; state: RunStep['state']; write?: Write; message?: string }
  | { complete: true };

/** Where the journals are. */
const journalFolder = (env: NodeJS.ProcessEnv = process.env): string => join(stateFolder(env), 'runs');

export function openJournal(
  run: Pick<RunHeader, 'command' | 'undoes' | 'target' | 'app'>,
  folder = journalFolder(),
): Journal {
  const startedOn = new Date().toISOString();
  const id = `${startedOn.replace(/[-:.]/g, '')}-${run.app.name}-${run.command}`;
  const header: RunHeader = { schema: 'acrpull.run/1', id, startedOn, ...run };
  const file = join(folder, `${id}.jsonl`);
  const descriptor = create(folder, file);
  const append = (line: Line) => {
    writeSync(descriptor, `${JSON.stringify(line)}\n`);
    fsyncSync(descriptor);
  };
  append(header);
  let steps = 0;
  return {
    run: header,
    file,
    begin: (write) => {
      append({ step: ++steps, state: 'begun', write });
      return steps;
    },
    done: (step, write) => append({ step, state: 'done', write }),
    failed: (step, message) => append({ step, state: 'failed', message }),
    complete: () => append({ complete: true }),
    close: () => closeSync(descriptor),
  };
}

function create(folder: string, file: string): number {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const descriptor = openSync(file, 'wx', 0o600);
    syncFolder(folder);
    return descriptor;
  } catch (error) {
    throw new Failure(`The journal cannot be written: ${(error as Error).message}. Nothing was changed.`, {
      resource: file,
      next: 'set XDG_STATE_HOME to a folder that you may write to',
      cause: error,
    });
  }
}

/** A new file's name is on disk when its folder is. Windows has no such thing. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** All runs on this Azure, the newest first. What is no journal is passed over. */
export function readRuns(target: Target, folder = journalFolder()): Run[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  } catch {
    return []; // There was no run yet.
  }
  return names
    .flatMap((name) => parseRun(join(folder, name)) ?? [])
    .filter((run) => run.target === target)
    .sort((a, b) => b.startedOn.localeCompare(a.startedOn));
}

function parseRun(file: string): Run | undefined {
  const lines = readFileSync(file, 'utf8').split('\n').flatMap(parseLine);
  const [header] = lines;
  if (!header || !('schema' in header) || header.schema !== 'acrpull.run/1') return undefined;
  const steps = new Map<number, RunStep>();
  for (const line of lines) {
    if (!('step' in line)) continue;
    const write = line.write ?? steps.get(line.step)?.write;
    if (write) steps.set(line.step, { write, state: line.state });
  }
  return { ...header, file, complete: lines.some((line) => 'complete' in line), steps: [...steps.values()] };
}

/** A line that a power cut has torn is none: what it would have announced was not begun. */
function parseLine(text: string): Line[] {
  try {
    return [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}
