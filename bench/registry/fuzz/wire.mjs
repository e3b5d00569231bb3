import { request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const answerWithinMs = 30_000;

/**
 * Sends one request in its own way: `whole`, in `chunked` coding, `slow`ly, `broken` off in the middle, or with a
 * body `longer` or `shorter` than announced. Resolves to the answer, to undefined where none is due, and rejects when
 * none comes.
 */
export function send(target, { method, path, query, headers, body = Buffer.alloc(0), wire = 'whole' }) {
  const search = query.length > 0 ? `?${new URLSearchParams(query)}` : '';
  const isOdd = wire !== 'whole' && wire !== 'chunked';
  const announced = { longer: Math.max(0, body.length - 1), shorter: body.length + 10 }[wire] ?? body.length;
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest({
      ...target,
      method,
      path: path + search,
      headers: {
        host: target.host,
        ...headers,
        ...(wire === 'chunked' ? { 'transfer-encoding': 'chunked' } : { 'content-length': announced }),
        // What is odd must not be taken for a part of the next request.
        ...(isOdd && { connection: 'close' }),
      },
    });
    const timer = setTimeout(() => {
      reject(new Error(`no answer after ${answerWithinMs} ms`));
      outgoing.destroy();
    }, answerWithinMs);
    const end = (settle, value) => {
      clearTimeout(timer);
      settle(value);
    };
    outgoing.on('error', (error) => {
      if (isOdd || error.code === 'EPIPE' || error.code === 'ECONNRESET') end(resolve, undefined);
      else end(reject, error);
    });
    outgoing.on('response', (response) => {
      buffer(response).then(
        (content) => end(resolve, { status: response.statusCode, headers: response.headers, body: content }),
        () => end(resolve, undefined),
      );
    });
    void write(outgoing, body, wire);
  });
}

async function write(outgoing, body, wire) {
  const middle = Math.floor(body.length / 2);
  switch (wire) {
    case 'slow':
      outgoing.write(body.subarray(0, middle));
      await sleep(5);
      break;
    case 'broken':
    case 'shorter':
      outgoing.write(body.subarray(0, middle));
      await sleep(5);
      outgoing.destroy(new Error('broken off'));
      return;
    default:
      outgoing.end(body);
      return;
  }
  outgoing.end(body.subarray(middle));
}
