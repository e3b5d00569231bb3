import type { IncomingMessage } from 'node:http';

/**
 * The whole body of a request or a response, when it has at most `limit` bytes; undefined when it is larger. The
 * message is then left open, so that a request can still be answered with the reason.
 */
export async function readBody(message: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(message.headers['content-length'] ?? 0) > limit) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
