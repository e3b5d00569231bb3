import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Credentials } from '../credentials.ts';
import { writePrivateFile } from '../store/private-file.ts';
import { UserError } from '../user-error.ts';

/** Commands of `az` that sign in or out themselves, or need no sign-in. */
const withoutLogin = new Set([
  'login',
  'logout',
  'version',
  '--version',
  '--help',
  '-h',
  'config',
  undefined,
]);

/** Signs `az` in as the owner, in its private configuration folder, unless it knows the subscription already. */
export async function ensureAzLogin(
  az: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  credentials: Credentials,
): Promise<void> {
  const folder = env.AZURE_CONFIG_DIR!;
  if (withoutLogin.has(args[0]) || (await knowsSubscription(folder, credentials.subscriptionId))) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // az reads the secret from a file, so that it shows in no list of processes.
  const secretFile = join(folder, 'login-secret');
  await writePrivateFile(secretFile, credentials.clientSecret);
  try {
    const { tenantId, clientId } = credentials;
    const login = [
      'login',
      '--service-principal',
      '--tenant',
      tenantId,
      '-u',
      clientId,
      '-p',
      `@${secretFile}`,
    ];
    const child = spawn(az, [...login, '--output', 'none', '--only-show-errors'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
    const code = new Promise<number | null>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'ENOENT'
            ? new UserError(`The command '${az}' was not found.`, 'Is it installed, and on your PATH?')
            : error,
        ),
      );
      child.once('exit', resolve);
    });
    const [message] = await Promise.all([text(child.stderr), code]);
    if ((await code) !== 0)
      throw new UserError(
        `az could not sign in:\n${message.trim()}`,
        'Does it run without local-azure: az version?',
      );
  } finally {
    await rm(secretFile, { force: true });
  }
}

async function knowsSubscription(folder: string, subscriptionId: string): Promise<boolean> {
  const profile = await readFile(join(folder, 'azureProfile.json'), 'utf8').catch(() => '');
  return profile.includes(subscriptionId);
}
