// CPU time of `--help`, what every command pays before it does anything, and of `explain`, which does all it does with
// the log alone. Usage: node bench/help.mjs [runs]
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installed, report } from './report.mjs';

const runs = Number(process.argv[2] ?? 15);
const bin = (path) => fileURLToPath(new URL(`../packages/${path}`, import.meta.url));

const commands = [
  { name: 'node -e 0', command: [process.execPath, '-e', '0'] },
  { name: 'acrpull --help', command: [process.execPath, bin('acrpull/bin/acrpull.js'), '--help'] },
  {
    name: 'acrpull explain <a line>',
    command: [
      process.execPath,
      bin('acrpull/bin/acrpull.js'),
      'explain',
      'Site startup probe succeeded after 8.7 seconds.', // A failure's exit code is 1.
    ],
  },
  {
    name: 'local-azure --help',
    command: [process.execPath, bin('local-azure/bin/local-azure.js'), '--help'],
  },
  ...(installed('az') ? [{ name: 'az --help', command: ['az', '--help'] }] : []),
];

/** User and system time of one run and all its children, in milliseconds, as bash measures it. */
function cpuMs(command) {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>&1';
  const { AZURE_CONFIG_DIR: _, ...env } = process.env;
  const times = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`, 'bash', ...command], {
    encoding: 'utf8',
    env,
  });
  return times
    .trim()
    .split(' ')
    .reduce((sum, seconds) => sum + Number(seconds) * 1000, 0);
}

const rows = commands.map(({ name, command }) => ({ name, command, values: [] }));
for (const { command } of rows) cpuMs(command); // The first run of each reads the disk.
// In turns, so that a busy moment of the machine touches all alike.
for (let run = 0; run < runs; run++) for (const row of rows) row.values.push(cpuMs(row.command));
report('CPU time', 'ms', rows);
