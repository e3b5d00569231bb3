import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** What a client says before its first call: CONNECT, and the beginning of TLS. */
const greetings = 2;

/**
 * A proxy in front of the one on `port` through which each call takes so many milliseconds longer. Connections cost
 * nothing more: whatever a client sends is held up, once it has been connected.
 */
export async function addLatency(port, ms) {
  const sockets = new Set();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    let sent = 0;
    // Timers of the same length fire in the order in which they were set.
    near.on('data', (chunk) =>
      sent++ < greetings ? far.write(chunk) : setTimeout(() => far.destroyed || far.write(chunk), ms),
    );
    near.on('close', () => setTimeout(() => far.destroy(), ms));
    far.pipe(near);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
