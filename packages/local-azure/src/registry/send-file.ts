import type { FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { ByteRange } from './range.ts';

/**
 * Sends a part of a file as the rest of a response, and ends it. Rejects when the client goes before the end.
 *
 * Reads into two buffers in turn, one while the other goes out: a stream would allocate each of its chunks, and
 * collecting them took more time than sending them (bench/registry).
 */
export async function sendFile(
  file: FileHandle,
  { start, end }: ByteRange,
  response: ServerResponse,
): Promise<void> {
  const length = end + 1 - start;
  const buffers = Array.from({ length: length > bufferSize ? 2 : 1 }, () =>
    Buffer.allocUnsafe(Math.min(length, bufferSize)),
  );
  let sent: Promise<void> = Promise.resolve();
  for (let at = start, turn = 0; at <= end; turn = 1 - turn) {
    const buffer = buffers[turn]!;
    const [{ bytesRead }] = await Promise.all([
      file.read(buffer, 0, Math.min(buffer.length, end + 1 - at), at),
      sent,
    ]);
    if (bytesRead === 0) throw new Error('The file has become shorter.');
    at += bytesRead;
    sent = write(response, buffer.subarray(0, bytesRead));
  }
  await sent;
  response.end();
}

const bufferSize = 256 * 1024;

/** Resolves once the socket has taken all of it, so that the buffer can be used again. */
const write = (response: ServerResponse, chunk: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    response.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
