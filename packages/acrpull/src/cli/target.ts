import { spawn } from 'node:child_process';
import { readLocalAzureEnv } from '../demo/local-azure-command.ts';
import { Failure } from '../failure.ts';
import type { Target } from '../remedies/journal.ts';

/**
 * Commands go to the local Azure unless `--azure` says otherwise, so that nobody's subscription is touched by
 * accident. The local Azure is reached as any client reaches it: by environment variables, some of which Node reads
 * at its start only. So this process runs itself once more under them.
 *
 * Resolves with that run's exit code, or undefined when this process is in the right environment already.
 */
export async function reachTarget(azure: boolean): Promise<number | undefined> {
  if (azure || process.env.LOCAL_AZURE) return undefined;
  const { env, problem } = await readLocalAzureEnv();
  if (!env) {
    throw new Failure(`${problem} Commands go to the local Azure unless --azure is given.`, {
      next: 'npx local-azure start   (or add --azure to use your own subscription)',
    });
  }
  const child = spawn(process.execPath, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  // Ctrl-C reaches the child from the terminal as well; this process waits for it to finish.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 2));
  }).finally(() => process.off('SIGINT', ignore));
}

/** The Azure that this process talks to. */
export const currentTarget = (): Target => (process.env.LOCAL_AZURE ? 'local-azure' : 'azure');
