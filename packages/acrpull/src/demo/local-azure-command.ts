import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

/** How to run the `local-azure` program that is installed beside this one. It is started, never imported. */
export function localAzureCommand(args: string[]): { command: string; args: string[] } {
  const packageFile = createRequire(import.meta.url).resolve('local-azure/package.json');
  return { command: process.execPath, args: [join(dirname(packageFile), 'bin', 'local-azure.js'), ...args] };
}

/** The settings under which clients find the running local Azure; or, as a sentence, why there are none. */
export async function readLocalAzureEnv(
  dataDir?: string,
): Promise<{ env: Record<string, string>; problem?: never } | { env?: never; problem: string }> {
  const { command, args } = localAzureCommand(['env', '--json', ...(dataDir ? ['--data-dir', dataDir] : [])]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const { error, ...env } = JSON.parse((await text(child.stdout)) || '{}');
  return error ? { problem: error.message } : { env };
}
