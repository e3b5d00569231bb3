// Makes a fresh clone ready: installs what package-lock.json names, then builds. Quick when nothing changed.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const lock = 'package-lock.json';
const installed = 'node_modules/.package-lock.json'; // npm's own record of what it installed

function run(title, command, args) {
  const started = Date.now();
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error(`${title} failed: ${command} ${args.join(' ')}`);
    console.error((result.stdout ?? '') + (result.stderr ?? result.error?.message ?? ''));
    process.exit(2);
  }
  const seconds = (Date.now() - started) / 1000;
  if (seconds > 2) console.error(`${title} took ${seconds.toFixed(1)} s`);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`acrpull needs Node 20.19 or later; this is ${process.version}.`);
  process.exit(2);
}
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.error('Installing dependencies (npm ci) …');
  run('Installing', 'npm', ['ci', '--loglevel=error']);
}
run('Building', 'npm', ['run', '--silent', 'build']);
