// What the benchmarks share: medians of several runs, and a table with ratios.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

export const installed = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

/** CPU time (user and system) of a whole process in milliseconds: the median of `runs`, after one warm-up. */
export function cpuOf(command, args, runs = 9) {
  const once = () => {
    const { stderr } = spawnSync(
      'bash',
      ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@" >/dev/null 2>&1', command, ...args],
      {
        encoding: 'utf8',
      },
    );
    const [user, system] = stderr.trim().split(' ').map(Number);
    return (user + system) * 1000;
  };
  once();
  return median(Array.from({ length: runs }, once));
}

/** Prints rows of [name, milliseconds] with each one's ratio to the first. */
export function printTable(title, rows) {
  const base = rows[0][1];
  console.log(`\n${title}`);
  for (const [name, ms] of rows) {
    console.log(`  ${name.padEnd(36)} ${ms.toFixed(0).padStart(6)} ms   ${(ms / base).toFixed(2)}×`);
  }
}
