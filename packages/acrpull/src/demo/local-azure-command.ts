import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** How to run the `local-azure` program that is installed beside this one. It is started, never imported. */
export function localAzureCommand(args: string[]): { command: string; args: string[] } {
  const packageFile = createRequire(import.meta.url).resolve('local-azure/package.json');
  return { command: process.execPath, args: [join(dirname(packageFile), 'bin', 'local-azure.js'), ...args] };
}
