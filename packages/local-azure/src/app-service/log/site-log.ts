import {
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { ContainerLogging, SiteError } from '../site.ts';
import { lastErrorOf } from './last-error.ts';
import type { PlatformEvent, WorkerLog } from './platform-event.ts';
import { expired, maxFileBytes } from './retention.ts';

/** A site's log files, and those who read along. */
export interface SiteLog {
  /** What the platform did, in `<date>_<machine>_docker.log`. */
  platform(event: PlatformEvent): void;
  /**
   * A line that the container printed: in `<date>_<machine>_default_docker.log`, or in no file when the site does not
   * keep its container's output.
   */
  output(line: string): void;
  /** The last of the events that was an error, since the worker started. */
  lastError(): SiteError | undefined;
  /** From now on. */
  configure(logging: ContainerLogging): void;
  /** The one that was written to last comes last. */
  files(): LogFile[];
  /** The container's last lines that went to no file. */
  volatileOutput(): readonly string[];
  /** Everything written from now on, in order. Returns how to stop. */
  subscribe(reader: (text: string) => void): () => void;
  /** Deletes the files. */
  remove(): void;
  close(): void;
}

export interface LogFile {
  name: string;
  /** The platform's own lines, not the container's. */
  isPlatform: boolean;
  path: string;
  size: number;
  createdOn: number;
  modifiedOn: number;
}

export interface SiteLogOptions {
  dir: string;
  clock: Clock;
  worker: WorkerLog;
}

const platformSuffix = 'docker';
const outputSuffix = 'default_docker';
const volatileLines = 10;

/**
 * Writes are synchronous: lines are short, and so what a new reader finds in the files and what it is told from
 * then on join without a gap. Logging never fails a site: what the disk does not take, readers still get.
 */
export function openSiteLog({ dir, clock, worker }: SiteLogOptions): SiteLog {
  const machine = hostname().replace(/[^\w-]/g, '-');
  const readers = new Set<(text: string) => void>();
  const open = new Map<string, { name: string; fd: number; size: number }>();
  let logging: ContainerLogging = { enabled: false, retentionInMb: 35, retentionInDays: 0 };
  let volatile: string[] = [];
  let lastError: SiteError | undefined;

  function write(suffix: string, text: string): void {
    try {
      const file = fileFor(suffix);
      file.size += writeSync(file.fd, text);
      if (file.size >= maxFileBytes) roll(suffix, file.name);
    } catch {
      release(suffix);
    }
    tell(text);
  }

  function release(suffix: string): void {
    const file = open.get(suffix);
    open.delete(suffix);
    if (file) closeSync(file.fd);
  }

  function tell(text: string): void {
    for (const reader of readers) reader(text);
  }

  function fileFor(suffix: string) {
    const date = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '_');
    const name = `${date}_${machine}_${suffix}.log`;
    const current = open.get(suffix);
    if (current?.name === name) return current;
    release(suffix);
    mkdirSync(dir, { recursive: true });
    const fd = openSync(join(dir, name), 'a', 0o600);
    const file = { name, fd, size: fstatSync(fd).size };
    open.set(suffix, file);
    removeExpired();
    return file;
  }

  function roll(suffix: string, name: string): void {
    release(suffix);
    const stem = name.slice(0, -'log'.length);
    const numbers = names().map((other) =>
      other.startsWith(stem) ? Number.parseInt(other.slice(stem.length), 10) : 0,
    );
    const next = Math.max(0, ...numbers.filter(Number.isInteger)) + 1;
    renameSync(join(dir, name), join(dir, `${stem}${next}.log`));
    removeExpired();
  }

  function removeExpired(): void {
    const written = new Set([...open.values()].map(({ name }) => name));
    const rolled = files().filter(({ name }) => !written.has(name));
    for (const { path } of expired(rolled, logging, clock.now())) rmSync(path, { force: true });
  }

  function files(): LogFile[] {
    const found = names().flatMap((name) => {
      const path = join(dir, name);
      const stats = lstatSync(path);
      // A link is none of ours, whatever it leads to.
      if (!stats.isFile()) return [];
      const { size, birthtimeMs: createdOn, mtimeMs: modifiedOn } = stats;
      const isPlatform = !name.includes(`_${outputSuffix}.`);
      return [{ name, isPlatform, path, size, createdOn, modifiedOn }];
    });
    return found.sort((a, b) => a.modifiedOn - b.modifiedOn);
  }

  function names(): string[] {
    try {
      return readdirSync(dir).filter((name) => name.endsWith('.log'));
    } catch {
      return [];
    }
  }

  function close(): void {
    for (const suffix of open.keys()) release(suffix);
  }

  return {
    platform(event) {
      const error = lastErrorOf(event);
      if (error) lastError = { ...error, on: clock.now() };
      for (const line of worker.platform(event, clock.now())) write(platformSuffix, `${line}\n`);
    },
    lastError: () => lastError,
    output(line) {
      const text = `${worker.output(line, clock.now())}\n`;
      if (logging.enabled) return write(outputSuffix, text);
      volatile = [...volatile, text].slice(-volatileLines);
      tell(text);
    },
    configure(wanted) {
      logging = wanted;
      if (logging.enabled) volatile = [];
      else release(outputSuffix);
      removeExpired();
    },
    files,
    volatileOutput: () => volatile,
    subscribe(reader) {
      readers.add(reader);
      return () => readers.delete(reader);
    },
    remove() {
      close();
      rmSync(dir, { recursive: true, force: true });
    },
    close,
  };
}

/** The last `count` lines of a file, read from its end. */
export function lastLines(path: string, count: number): string[] {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const length = Math.min(size, 64 * 1024);
    const buffer = Buffer.alloc(length);
    const read = readSync(fd, buffer, 0, length, size - length);
    const lines = buffer.toString('utf8', 0, read).split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines.slice(-count);
  } finally {
    closeSync(fd);
  }
}
