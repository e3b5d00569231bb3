/** Ports belong to a network namespace, paths do not: a Unix socket on disk stands for a port on the other side. */
import { connect, createServer } from 'node:net';

/** Both ends are `{ path }` or `{ host, port }`. */
export function relay(from, to) {
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ ...to, allowHalfOpen: true });
    near.pipe(far).pipe(near);
    // A refused port or a reset shows on the other side as a reset.
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(from, resolve);
  });
}
