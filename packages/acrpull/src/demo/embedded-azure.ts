import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Failure } from '../failure.ts';
import { localAzureCommand, readLocalAzureEnv } from './local-azure-command.ts';

export interface EmbeddedAzure {
  /** This process's environment with the settings under which clients find the local Azure. */
  env: NodeJS.ProcessEnv;
  /** Whether it can run containers at all. */
  hasEngine: boolean;
  stop(): Promise<void>;
}

/** Starts a local Azure on a folder, on any free port, as a child process that does not outlive this one. */
export async function startLocalAzure(dataDir: string, propagationSeconds: number): Promise<EmbeddedAzure> {
  const { command, args } = localAzureCommand([
    ...['start', '--data-dir', dataDir, '--port', '0', '--propagation', String(propagationSeconds)],
    ...['--json', '--until-input-ends'],
  ]);
  // In a process group of its own, so that Ctrl-C asks this process only; it ends with our end of its input.
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // The first line of `start --json` says that it is ready, or why it is not.
  const line = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void exited.then(() => resolve('{}'));
  });
  const { port, engine, error } = JSON.parse(line);
  if (!port) {
    throw new Failure(`The local Azure did not start: ${error?.message ?? 'it ended at once'}`, {
      resource: dataDir,
      next: error?.hint ?? 'npx local-azure start',
    });
  }
  const { env } = await readLocalAzureEnv(dataDir);
  return {
    // What fix keeps of its runs is gone with them.
    env: { ...process.env, ...env, XDG_STATE_HOME: dataDir },
    hasEngine: !String(engine).startsWith('none'),
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
