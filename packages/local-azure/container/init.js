/**
 * The first process of a container's namespaces, started by `unshare` (see engines/linux/namespace.ts).
 *
 * Standard input: the plan as one line of JSON, then a signal's name per line; its end means that the local Azure
 * has died, and everything in here ends with it, since the kernel kills a namespace with its first process.
 * Standard output and error are the program's own. Descriptor 3 tells how things go, one line of JSON each.
 */
import { openSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { raiseLoopback, reapChild } from './kernel.js';
import { findProgram, startProgram } from './program.js';
import { relay } from './relay.js';
import { enterRoot } from './root.js';

const REPORT_FD = 3;
const report = (event) => writeSync(REPORT_FD, `${JSON.stringify(event)}\n`);

const signalNames = Object.fromEntries(Object.entries(constants.signals).map(([name, n]) => [n, name]));
let programPid;

async function start(plan) {
  process.chdir(plan.directory);
  raiseLoopback();
  const inside = (port) => ({ host: '127.0.0.1', port });
  await relay({ path: `${plan.hostName}.sock` }, inside(plan.port));
  if (plan.host) {
    // The path must hold after the host's file system is out of reach. The program cannot read this process's files.
    const path = `/proc/self/fd/${openSync('.', 'r')}/${plan.host.socket}`;
    await relay(inside(plan.host.port), { path });
  }
  await enterRoot(plan.lower, plan.hostName);
  if (!plan.program) return end({ event: 'ready' });
  run(plan.program);
}

function run(program) {
  const path = findProgram(program);
  report({ event: 'started' });
  process.on('SIGCHLD', reapChildren);
  try {
    // The image's `User` is not honoured: a user without privileges can map one id only, so there is none but root.
    programPid = startProgram(path, program);
  } catch (error) {
    // The program has its output by now, and this is where container runtimes say `exec format error`.
    writeSync(2, `${error.message}\n`);
    end({ event: 'exited', code: 1, signal: null });
  }
}

/** Orphans of the program become children of this process; nobody else can collect them. */
function reapChildren() {
  for (let child = reapChild(); child !== undefined; child = reapChild()) {
    if (child.pid !== programPid) continue;
    end({ event: 'exited', code: child.code, signal: signalNames[child.signal] ?? null });
  }
}

function end(event) {
  report(event);
  process.exit(0);
}

const input = createInterface({ input: process.stdin });
input.once('line', (line) => {
  start(JSON.parse(line)).catch(({ message, exitCode }) => end({ event: 'failed', message, exitCode }));
  input.on('line', (signal) => {
    if (programPid) process.kill(programPid, signal);
  });
});
input.on('close', () => process.exit(1));
