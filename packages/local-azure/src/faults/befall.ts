import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { HttpEffect } from './http-effect.ts';
import { sendThrough } from './send-through.ts';

/**
 * Lets effects befall a request, in turn. Says whether it goes on to what it was meant for: after one that answers it,
 * or leaves it without an answer, it does not. Rejects when the client goes meanwhile.
 */
export async function befall(
  effects: readonly HttpEffect[],
  request: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
): Promise<boolean> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const wait = (ms: number) => clock.sleep(ms, gone.signal);

  for (const effect of effects) {
    switch (effect.kind) {
      case 'answer':
        response
          .writeHead(effect.status, { ...effect.headers, 'content-length': Buffer.byteLength(effect.body) })
          .end(effect.body);
        return false;
      case 'silence':
        request.resume();
        return false;
      case 'wait':
        await wait(effect.ms);
        break;
      case 'slow':
        slowDown(response, effect.bytesPerSecond, wait);
        break;
      case 'cut':
        cutShort(response, effect.share);
        break;
      case 'drop':
        wait(effect.ms).then(
          () => response.destroy(),
          () => {},
        );
        break;
    }
  }
  return true;
}

const piecesPerSecond = 10;

function slowDown(
  response: ServerResponse,
  bytesPerSecond: number,
  wait: (ms: number) => Promise<void>,
): void {
  const size = Math.ceil(bytesPerSecond / piecesPerSecond);
  sendThrough(response, async (chunk, send) => {
    for (let at = 0; at < chunk.length; at += size) {
      const piece = chunk.subarray(at, at + size);
      await wait((piece.length / bytesPerSecond) * 1000);
      await send(piece);
    }
  });
}

/** At least the first byte goes out, and at least the last one does not. */
function cutShort(response: ServerResponse, share: number): void {
  let left: number | undefined;
  sendThrough(response, async (chunk, send) => {
    const length = Number(response.getHeader('content-length') ?? chunk.length);
    left ??= Math.min(Math.max(Math.floor(share * length), 1), length - 1);
    const piece = chunk.subarray(0, left);
    left -= piece.length;
    await send(piece);
    if (left === 0) response.destroy();
  });
}
