import { randomUUID } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { Failure } from '../failure.ts';

/**
 * Writes a file as a whole: whoever reads it sees the old one or the new one, also after a crash in the middle. A link
 * is followed. Throws a Failure when it cannot.
 */
export async function writeWhole(file: string, text: string, { mode = 0o666 } = {}): Promise<void> {
  try {
    const target = await realpath(file).catch(() => file);
    const old = await stat(target).catch(() => undefined);
    if (old && !old.isFile()) throw new Error('it is there, and is no file');
    const temporary = `${target}.${randomUUID()}.tmp`;
    try {
      await writeFile(temporary, text, { mode, flag: 'wx', flush: true });
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw new Failure(`The file cannot be written: ${(error as Error).message}`, { resource: file });
  }
}
