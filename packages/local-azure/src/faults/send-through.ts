import type { ServerResponse } from 'node:http';

type Sent = (error?: Error | null) => void;

/**
 * Lets `pass` do with each chunk of a response's body as it likes: what it sends goes out. A chunk waits for those
 * before it, and counts as written when `pass` has done with it.
 */
export function sendThrough(
  response: ServerResponse,
  pass: (chunk: Buffer, send: (piece: Buffer) => Promise<void>) => Promise<void>,
): void {
  const write = response.write.bind(response) as (piece: Buffer, sent: Sent) => boolean;
  const end = response.end.bind(response) as () => ServerResponse;
  const send = (piece: Buffer) =>
    new Promise<void>((resolve, reject) => {
      write(piece, (error) => (error ? reject(error) : resolve()));
    });
  let before = Promise.resolve();

  function queue(chunk: unknown): Promise<void> {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
    before = before.then(() => pass(bytes, send));
    return before;
  }

  response.write = ((chunk: unknown, ...rest: unknown[]) => {
    const sent = rest.find((one): one is Sent => typeof one === 'function') ?? (() => {});
    queue(chunk).then(() => sent(), sent);
    return true;
  }) as ServerResponse['write'];

  response.end = ((chunk?: unknown) => {
    const last = chunk ? queue(chunk) : before;
    last.then(end, () => response.destroy());
    return response;
  }) as ServerResponse['end'];
}
