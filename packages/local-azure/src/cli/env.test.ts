import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { render } from './env.ts';

const run = promisify(execFile);
const hostile = `a'b"c $HOME \`id\` \\ d`;

test.skipIf(process.platform === 'win32')('a shell reads each value back as it is', async () => {
  const script = `${render({ LOCAL_AZURE_TEST: hostile }, 'sh')}\nprintf %s "$LOCAL_AZURE_TEST"`;
  expect((await run('sh', ['-c', script])).stdout).toBe(hostile);
});

test.each([
  ['fish', `set -gx X 'a\\'b\\\\'`, `a'b\\`],
  ['powershell', `$env:X = 'a''b'`, `a'b`],
] as const)('%s has its own quoting', (shell, line, value) =>
  expect(render({ X: value }, shell).split('\n')).toContain(line),
);
