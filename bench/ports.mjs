import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Waits until a program listens on the port; fails when it has exited first. */
export async function accepts(port, exited) {
  let ended = false;
  exited.then(() => {
    ended = true;
  });
  for (;;) {
    if (ended) throw new Error(`Nothing listens on port ${port}: the program has ended.`);
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await sleep(10);
  }
}
