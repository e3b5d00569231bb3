import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { HttpHandler } from '../http-handler.ts';
import type { HttpEffect } from './http-effect.ts';
import { sendThrough } from './send-through.ts';

/** Lets all effects befall a request, in turn; one that answers it, or leaves it without an answer, is the last. */
export async function perform(
  effects: readonly HttpEffect[],
  request: IncomingMessage,
  response: ServerResponse,
  { handler, clock }: { handler: HttpHandler; clock: Clock },
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  /** Rejects when the client goes before. */
  const wait = (ms: number) => clock.sleep(ms, gone.signal);

  for (const effect of effects) {
    switch (effect.kind) {
      case 'answer':
        response
          .writeHead(effect.status, { ...effect.headers, 'content-length': Buffer.byteLength(effect.body) })
          .end(effect.body);
        return;
      case 'silence':
        request.resume();
        return;
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
  handler(request, response);
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
