import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { parse } from 'node:path';
import { divertingVariables } from '../settings.ts';
import { UserError } from '../user-error.ts';
import { ensureAzLogin } from './az-login.ts';
import { clientEnv } from './client-env.ts';

/** `local-azure exec -- <command>`: ends with the command's exit code, or 128 and its signal's number. */
export async function exec([program, ...args]: string[], options: { dataDir: string }): Promise<void> {
  const { settings, credentials } = await clientEnv(options.dataDir);
  const environment = { ...process.env, ...settings };
  for (const name of divertingVariables) delete environment[name];
  if (parse(program!).name === 'az') await ensureAzLogin(program!, args, environment, credentials);
  process.exitCode = await run(program!, args, environment);
}

function run(program: string, args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  // A terminal sends its Ctrl-C to the command as well: here it must only not end the wait for it.
  const ignore = () => {};
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: environment,
    shell: process.platform === 'win32',
  });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', ignore);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, forward);

  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new UserError(`The command '${program}' was not found.`, 'Is it installed, and on your PATH?')
          : new UserError(`The command '${program}' cannot be run: ${error.message}.`, 'Is it a program?'),
      ),
    );
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      for (const name of ['SIGTERM', 'SIGHUP'] as const) process.off(name, forward);
      resolve(signal ? 128 + constants.signals[signal] : code!);
    });
  });
}
