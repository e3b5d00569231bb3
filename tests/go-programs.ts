import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface GoProgram {
  path: string;
  /** Why it is not there, for the name of what is skipped. */
  lacking?: string;
  remove(): Promise<void>;
}

/** Builds a Go program (`module/path@version`) into a folder of its own. */
export async function goInstall(module: string): Promise<GoProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'go-bin-'));
  const path = join(folder, module.replace(/@.*/, '').split('/').at(-1)!);
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const env = { ...process.env, GOBIN: folder };
    await promisify(execFile)('go', ['install', module], { env, timeout: 280_000 });
    return { path, remove };
  } catch (error) {
    await remove();
    const { code, stderr = '' } = error as { code?: string; stderr?: string };
    const lacking =
      code === 'ENOENT'
        ? 'no go on this machine'
        : `go cannot install it: ${stderr.trim().split('\n').at(-1)}`;
    return { path, lacking, remove };
  }
}

export const skipNote = (lacking: string | undefined) => (lacking ? ` (skipped: ${lacking})` : '');
