import { readCredentials } from '../credentials.ts';
import { clientSettings } from '../settings.ts';
import { UserError } from '../user-error.ts';
import { commandLine } from './command-line.ts';
import { runningInstance } from './running.ts';

/** The settings for clients of the running instance. */
export async function clientEnv(path: string) {
  const { dir, instance } = runningInstance(path);
  const credentials = await readCredentials(dir.credentials);
  if (!credentials)
    throw new UserError(
      `The file ${dir.credentials} cannot be read.`,
      `Make it anew: ${commandLine('stop', dir.path)}; ${commandLine('start', dir.path)}`,
    );
  return { dir, instance, credentials, settings: clientSettings(dir, instance.port, credentials) };
}
