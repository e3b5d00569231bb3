import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const bench = fileURLToPath(new URL('../bench/registry/memory.mjs', import.meta.url));
const note = process.platform === 'linux' ? '' : ' (skipped: only Linux tells the peak)';

test.skipIf(note)(`ten clients that push at once take little memory${note}`, async () => {
  // Of 640 MiB together, so that whoever keeps bodies in memory does not stay below the 200.
  const { stdout } = await promisify(execFile)(process.execPath, [bench, '10', '64']);
  expect(Number(/(\d+) MiB above idle/.exec(stdout)?.[1]), stdout).toBeLessThan(200);
});
