import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where is kept what runs of `acrpull` leave for later ones. Source: specifications.freedesktop.org/basedir-spec */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  const state =
    env.XDG_STATE_HOME ||
    (process.platform === 'win32' && env.LOCALAPPDATA
      ? env.LOCALAPPDATA
      : join(homedir(), '.local', 'state'));
  return join(state, 'acrpull');
}
