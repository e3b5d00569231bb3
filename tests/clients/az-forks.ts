import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LocalAzureProcess, Ran } from '../local-azure.ts';

type Run = (args: string[]) => Promise<Ran>;

const script = fileURLToPath(new URL('./az-forks.py', import.meta.url));
const started = new WeakMap<LocalAzureProcess, Promise<Run>>();

/**
 * Runs a command of `az` in a process of its own, under the local Azure's settings, that does not begin with half a
 * second of imports: see az-forks.py. Commands of one local Azure take turns, and are of one version of `az`.
 */
export async function forkAz(azure: LocalAzureProcess, program: string, args: string[]): Promise<Ran> {
  const run = started.get(azure) ?? startForks(azure, program);
  started.set(azure, run);
  return (await run)(args);
}

async function startForks(azure: LocalAzureProcess, program: string): Promise<Run> {
  const child = spawn(await pythonOf(program), [script], {
    env: azure.env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  azure.onStop(async () => {
    child.stdin.end();
    await exited;
  });
  const waiting: { resolve(ran: Ran): void; reject(error: Error): void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)));
  void exited.then(() => {
    for (const { reject } of waiting) reject(new Error('the process that forks az has ended'));
  });
  return (args) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.stdin.write(`${JSON.stringify(args)}\n`);
    });
}

/** The Python that runs an `az`, which its first line names. */
async function pythonOf(program: string): Promise<string> {
  const folders = program.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  for (const folder of folders) {
    const text = await readFile(join(folder, program), 'utf8').catch(() => '');
    const python = /^#!\s*(\S*python\S*)/.exec(text)?.[1];
    if (python) return python;
  }
  throw new Error(`${program} is no program in Python`);
}
