/** Ports belong to a network namespace, paths do not: a Unix socket on disk stands for a port in here. */
import { connect, createServer } from 'node:net';

export function relay(socketPath, port) {
  const server = createServer({ allowHalfOpen: true }, (outside) => {
    const inside = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    outside.pipe(inside).pipe(outside);
    // A refused port or a reset shows on the other side as a reset.
    outside.on('error', () => inside.destroy()).on('close', () => inside.destroy());
    inside.on('error', () => outside.destroy()).on('close', () => outside.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(socketPath, resolve);
  });
}
