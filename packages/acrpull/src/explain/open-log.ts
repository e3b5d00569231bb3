import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Failure } from '../failure.ts';
import { shellWord } from '../shell-word.ts';

/** Whether there is a file of this name. A folder is refused, and so is what may not be looked at. */
export async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES') throw new Failure(`"${path}" may not be read.`, { resource: path });
    return undefined; // Also for a line of a log that is too long for a name.
  });
  if (found?.isDirectory()) {
    throw new Failure(`"${path}" is a folder.`, {
      resource: path,
      next: `find ${shellWord(path)} -name '*docker.log' -exec cat {} + | acrpull explain`,
    });
  }
  return found !== undefined;
}

/** The text of a file, piece by piece. */
export async function* openLog(path: string): AsyncGenerator<string> {
  try {
    yield* unpacked(createReadStream(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof Failure || !(error instanceof Error && 'code' in error)) throw error;
    throw new Failure(`"${path}" cannot be read: ${error.message}.`, { resource: path });
  }
}

/** Passes a text on; what is packed, such as the file of `az webapp log download`, is refused with how to unpack it. */
export async function* unpacked(chunks: AsyncIterable<string>, path = '-'): AsyncGenerator<string> {
  let isFirst = true;
  for await (const chunk of chunks) {
    const command = isFirst && unpackers.find(([signature]) => chunk.startsWith(signature))?.[1];
    if (command) {
      throw new Failure('The log is packed.', { resource: path, next: `${command(path)} | acrpull explain` });
    }
    isFirst = false;
    yield chunk;
  }
}

/** By the first bytes; gzip's second one is no UTF-8. */
const unpackers: [string, (path: string) => string][] = [
  ['PK\u0003\u0004', (path) => `unzip -p ${shellWord(path)} '*docker.log'`],
  ['\u001f\ufffd\u0008', (path) => `gunzip -c ${shellWord(path)}`],
];
