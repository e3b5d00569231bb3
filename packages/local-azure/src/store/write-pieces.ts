import type { FileHandle } from 'node:fs/promises';

/** Pieces that may wait while others are being written. */
const batchLength = 16;

/**
 * Writes pieces to a file, from `position` on, as they arrive. Tells of each batch once it is written; when this
 * rejects, what was told of is in the file, also when it was the source of the pieces that broke off.
 *
 * What arrives while one batch is on its way to the disk is the next batch: TLS delivers pieces of 16 KiB, and a write
 * for each of them took more time than all the rest (bench/registry).
 */
export async function writePieces(
  file: FileHandle,
  position: number,
  pieces: AsyncIterable<Buffer>,
  onWritten: (batch: readonly Buffer[]) => void = () => {},
): Promise<void> {
  const waiting: Buffer[] = [];
  let writing: Promise<void> | undefined;
  function write(): void {
    const batch = waiting.splice(0);
    writing = writeAll(file, position, batch).then((end) => {
      position = end;
      writing = undefined;
      if (waiting.length > 0) write();
      onWritten(batch);
    });
    writing.catch(() => {}); // Whoever awaits it is told.
  }
  try {
    for await (const piece of pieces) {
      waiting.push(piece);
      if (!writing) write();
      if (waiting.length >= batchLength) await writing;
    }
  } finally {
    while (writing) await writing;
  }
}

/** Returns the position behind what it wrote. */
async function writeAll(file: FileHandle, position: number, pieces: Buffer[]): Promise<number> {
  let at = position;
  for (let rest = pieces; rest.length > 0; ) {
    const { bytesWritten } = await file.writev(rest, at);
    at += bytesWritten;
    rest = without(bytesWritten, rest);
  }
  return at;
}

/** What is left of the pieces once their first `bytes` are gone. */
function without(bytes: number, pieces: Buffer[]): Buffer[] {
  let left = bytes;
  for (const [index, piece] of pieces.entries()) {
    if (left < piece.length) return [piece.subarray(left), ...pieces.slice(index + 1)];
    left -= piece.length;
  }
  return [];
}
