// What `--help` costs: CPU of the whole process, beside Node doing nothing and other command lines.
// Usage: npm run build && node bench/help.mjs
import { cpuOf, installed, printTable } from './measure.mjs';

const node = process.execPath;
printTable('CPU of --help (median of 9 runs)', [
  ['node -e 0', cpuOf(node, ['-e', '0'])],
  ['acrpull --help', cpuOf(node, ['packages/acrpull/bin/acrpull.js', '--help'])],
  ['local-azure --help', cpuOf(node, ['packages/local-azure/bin/local-azure.js', '--help'])],
  ['npm --help', cpuOf('npm', ['--help'])],
  ...(installed('az') ? [['az --help', cpuOf('az', ['--help'], 3)]] : []),
]);
