import {
  closeSync,
  fstatSync,
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
import type { Clock } from '../clock.ts';
import { formatLine, type LogLine } from './log-lines.ts';

/** A site's log files, and those who read along. */
export interface SiteLog {
  /** A line of the platform, in `<date>_<machine>_docker.log`. */
  platform(line: LogLine): void;
  /** A line that the container printed, in `<date>_<machine>_default_docker.log`. */
  output(line: string): void;
  /** The one that was written to last comes last. */
  files(): LogFile[];
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
  modifiedOn: number;
}

/** A file that has grown so far is rolled; the oldest go, so that a chatty container cannot fill the disk. */
const maxFileBytes = 10 * 1024 * 1024;
const keptFiles = 10;

/**
 * Writes are synchronous: lines are short, and so what a new reader finds in the files and what it is told from
 * then on join without a gap. Logging never fails a site: what the disk does not take, readers still get.
 */
export function openSiteLog(dir: string, clock: Clock): SiteLog {
  const machine = hostname().replace(/[^\w-]/g, '-');
  const readers = new Set<(text: string) => void>();
  const open = new Map<string, { name: string; fd: number; size: number }>();

  function write(suffix: string, text: string): void {
    try {
      const file = fileFor(suffix);
      file.size += writeSync(file.fd, text);
      if (file.size >= maxFileBytes) roll(suffix, file.name);
    } catch {
      open.delete(suffix);
    }
    for (const reader of readers) reader(text);
  }

  function fileFor(suffix: string) {
    const date = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '_');
    const name = `${date}_${machine}_${suffix}.log`;
    const current = open.get(suffix);
    if (current?.name === name) return current;
    if (current) closeSync(current.fd);
    mkdirSync(dir, { recursive: true });
    const fd = openSync(join(dir, name), 'a', 0o600);
    const file = { name, fd, size: fstatSync(fd).size };
    open.set(suffix, file);
    return file;
  }

  function roll(suffix: string, name: string): void {
    closeSync(open.get(suffix)!.fd);
    open.delete(suffix);
    const stem = name.slice(0, -'log'.length);
    const numbers = names().map((other) =>
      other.startsWith(stem) ? Number.parseInt(other.slice(stem.length), 10) : 0,
    );
    const next = Math.max(0, ...numbers.filter(Number.isInteger)) + 1;
    renameSync(join(dir, name), join(dir, `${stem}${next}.log`));
    for (const { path } of files().slice(0, -keptFiles)) rmSync(path, { force: true });
  }

  function files(): LogFile[] {
    const found = names().map((name) => {
      const path = join(dir, name);
      const fd = openSync(path, 'r');
      const { size, mtimeMs } = fstatSync(fd);
      closeSync(fd);
      return { name, isPlatform: !name.includes('_default_docker.'), path, size, modifiedOn: mtimeMs };
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
    for (const { fd } of open.values()) closeSync(fd);
    open.clear();
  }

  return {
    platform: (line) => write('docker', `${formatLine(clock.now(), line)}\n`),
    output: (line) =>
      write('default_docker', `${new Date(clock.now()).toISOString().replace('Z', '000000Z')} ${line}\n`),
    files,
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
