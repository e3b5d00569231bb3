import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { type ContainerExit, type ContainerSpec, EngineError } from '../engine.ts';
import { splitLines } from '../lines.ts';
import { openPipe } from './pipe.ts';
import type { Program } from './program.ts';

/** What `container/init.js` needs to know. It travels through a pipe, since everybody can read command lines. */
export interface Plan {
  /** Holds `upper`, `work` and `root`, all empty; the socket `<hostName>.sock` appears in it. */
  directory: string;
  /** The image's root, relative to `directory`. */
  lower: string;
  hostName: string;
  /** What the socket leads to. */
  port: number;
  /** The other way round: a port in there, and the host's socket in `directory` that it leads to. */
  host?: { port: number; socket: string };
  /** Absent: set everything up, report `ready`, and end. */
  program?: Program;
}

export interface Namespace {
  /** Resolves when the program runs, or with `ready` when there is none; rejects with {@link EngineError}. */
  started: Promise<void>;
  /** Resolves when every process in the namespace is gone and its output has been read. Never rejects. */
  exited: Promise<ContainerExit>;
  signal(name: NodeJS.Signals): void;
  kill(): void;
}

type Report =
  | { event: 'ready' | 'started' }
  | { event: 'failed'; message: string; exitCode?: number }
  | { event: 'exited'; code: number | null; signal: string | null };

const initScript = fileURLToPath(new URL('../../../../container/init.js', import.meta.url));

/**
 * `--kill-child` ends the namespace when `unshare` is killed; the end of standard input ends it when this process is,
 * by whatever means.
 */
const unshareArgs = [
  ...['--user', '--map-root-user', '--mount', '--net', '--uts', '--ipc', '--pid', '--fork', '--kill-child'],
  ...['--', process.execPath, initScript],
];

/** Starts a process in namespaces of its own: user, mounts, network, host name, IPC and process ids. */
export function openNamespace(plan: Plan, onOutput: ContainerSpec['onOutput']): Namespace {
  const stdout = openPipe();
  const stderr = openPipe();
  const child = spawn('unshare', unshareArgs, {
    stdio: ['pipe', stdout.writeFd, stderr.writeFd, 'pipe'],
    env: { PATH: process.env.PATH },
    detached: true, // Ctrl-C in a terminal is for the local Azure, which then stops its containers.
  });
  closeSync(stdout.writeFd);
  closeSync(stderr.writeFd);

  const complaints: string[] = [];
  let onErrorLine = (line: string) => {
    complaints.push(line);
  };
  const outputRead = Promise.all([
    readLines(stdout.readFd, (line) => onOutput('stdout', line)),
    readLines(stderr.readFd, (line) => onErrorLine(line)),
  ]);
  /** What was read before the report that the program runs is the program's as well. */
  const releaseErrorLines = () => {
    onErrorLine = (line) => onOutput('stderr', line);
    complaints.splice(0).forEach(onErrorLine);
  };

  const stdin = child.stdin!;
  stdin.on('error', () => {}); // Written to a namespace that has just ended.
  stdin.write(`${JSON.stringify(plan)}\n`);

  let exit: ContainerExit = { code: null, signal: 'SIGKILL' };
  const ended = processEnd(child);
  const started = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
      const report = JSON.parse(line) as Report;
      if (report.event === 'exited') exit = { code: report.code, signal: report.signal };
      else if (report.event === 'failed') {
        reject(new EngineError(report.message, { exitCode: report.exitCode }));
      } else {
        releaseErrorLines();
        resolve();
      }
    });
    Promise.all([ended, outputRead]).then(([problem]) =>
      reject(new EngineError(problem ?? (complaints.join(' ') || 'the namespaces ended at once'))),
    );
  });
  return {
    started,
    exited: Promise.all([ended, outputRead]).then(() => exit),
    signal: (name) => stdin.write(`${name}\n`),
    kill: () => child.kill('SIGKILL'),
  };
}

/** Resolves when the process has ended, with the reason when it could not even start. */
function processEnd(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.on('close', () => resolve(undefined));
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === 'ENOENT'
          ? 'the program `unshare` (package util-linux) is not installed'
          : error.message,
      ),
    );
  });
}

async function readLines(fd: number, onLine: (line: string) => void) {
  const lines = splitLines(onLine);
  const pipe = new Socket({ fd, readable: true, writable: false });
  pipe.on('data', (chunk) => lines.write(chunk));
  await finished(pipe).catch(() => {});
  lines.end();
}
