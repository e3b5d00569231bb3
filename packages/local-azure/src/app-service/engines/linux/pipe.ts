import koffi from 'koffi';
import { EngineError } from '../engine.ts';

const O_CLOEXEC = 0o2000000;

let pipe2: ((fds: Int32Array, flags: number) => number) | undefined;

/**
 * A true pipe. Node gives its children sockets, which cannot be opened by path, and many images write their log to
 * `/dev/stdout`.
 */
export function openPipe(): { readFd: number; writeFd: number } {
  // Not at the top of the file: who never runs a container here need not load the C library.
  pipe2 ??= koffi.load(null).func('int pipe2(int *, int)');
  const fds = new Int32Array(2);
  if (pipe2(fds, O_CLOEXEC) !== 0) throw new EngineError(`no pipe could be opened: errno ${koffi.errno()}`);
  return { readFd: fds[0]!, writeFd: fds[1]! };
}
