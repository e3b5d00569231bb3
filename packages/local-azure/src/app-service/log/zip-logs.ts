import { createReadStream, type ReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { LogFile } from './site-log.ts';

/**
 * A zip of log files as they are now, each below `folder`. Destroy the stream to give up; nothing stays open.
 */
export function zipLogs(files: readonly LogFile[], folder = ''): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  let current: ReadStream | undefined;
  output.once('close', () => current?.destroy());
  zip.on('error', (error) => output.destroy(error as Error));
  for (const { name, path, size, modifiedOn } of files) {
    const entry = `${folder}${name}`;
    const options = { mtime: new Date(modifiedOn), compressionLevel: 1 };
    if (size === 0) {
      zip.addBuffer(Buffer.alloc(0), entry, options);
      continue;
    }
    zip.addReadStreamLazy(entry, options, (give) => {
      // A file that grows meanwhile ends where it ended.
      current = createReadStream(path, { end: size - 1 });
      current.once('error', (error) => output.destroy(error));
      if (output.destroyed) current.destroy();
      else give(null, current);
    });
  }
  zip.end();
  return output;
}
