import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

// A load generator that costs little of the two cores: requests are written as text, and of an answer no more is read
// than its status and where it ends.

/** A TLS connection to `host`, through an HTTP proxy where `proxyPort` is given. */
export async function connect({ host, port, ca, proxyPort }) {
  const tcp = connectTcp(proxyPort ?? port, '127.0.0.1');
  await once(tcp, 'connect');
  tcp.setNoDelay(true);
  if (proxyPort) {
    tcp.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`);
    const [answer] = await once(tcp, 'data');
    if (!answer.toString().includes(' 200 ')) throw new Error(`The proxy answered ${answer}`);
  }
  const socket = connectTls({ socket: tcp, host, servername: host, ca, ALPNProtocols: ['http/1.1'] });
  await once(socket, 'secureConnect');
  return socket;
}

const lastChunk = Buffer.from('0\r\n\r\n');

/** One request on the connection; resolves with the answer's body, chunked as it may be. Only 200 is a success. */
export function get(socket, request) {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    let end;
    const onData = (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (end === undefined) {
        const head = received.indexOf('\r\n\r\n');
        if (head === -1) return;
        const text = received.toString('latin1', 0, head);
        if (!text.startsWith('HTTP/1.1 200')) return done(() => reject(new Error(received.toString())));
        const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
        // Without a length it comes in chunks.
        end = { body: head + 4, at: length === undefined ? undefined : head + 4 + Number(length) };
      }
      const isWhole =
        end.at === undefined
          ? received.subarray(-lastChunk.length).equals(lastChunk)
          : received.length >= end.at;
      if (isWhole) done(() => resolve(received.subarray(end.body, end.at)));
    };
    const onClose = () => done(() => reject(new Error('The connection was closed.')));
    const done = (finish) => {
      socket.off('data', onData).off('close', onClose);
      finish();
    };
    if (socket.destroyed) return onClose();
    socket.on('data', onData).once('close', onClose);
    socket.write(request);
  });
}

/** Requests a second, over all the connections at once, for about `seconds`. */
export async function rate(sockets, request, seconds) {
  const began = performance.now();
  const until = began + seconds * 1000;
  let count = 0;
  await Promise.all(
    sockets.map(async (socket) => {
      while (performance.now() < until) {
        await get(socket, request);
        count += 1;
      }
    }),
  );
  return count / ((performance.now() - began) / 1000);
}
