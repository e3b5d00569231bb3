import { randomUUID } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { Failure } from '../failure.ts';

/** Prints a result, or writes it to the file that the user named, there without colour. */
export async function putOut(text: string, file: string | undefined): Promise<void> {
  if (file === undefined) process.stdout.write(text);
  else await writeWhole(file, stripVTControlCharacters(text));
}

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
