/**
 * The system calls that Node does not offer, through the C library that Node itself is linked with (glibc or musl).
 * Constants: Linux's include/uapi headers; they are the same on x86-64 and arm64.
 */
import koffi from 'koffi';

const libc = koffi.load(null);

const c = {
  mount: libc.func('int mount(const char *, const char *, const char *, unsigned long, const char *)'),
  umount2: libc.func('int umount2(const char *, int)'),
  pivot_root: libc.func('int pivot_root(const char *, const char *)'),
  fchdir: libc.func('int fchdir(int)'),
  sethostname: libc.func('int sethostname(const char *, size_t)'),
  prctl: libc.func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)'),
  socket: libc.func('int socket(int, int, int)'),
  ioctl: libc.func('int ioctl(int, unsigned long, void *)'),
  close: libc.func('int close(int)'),
  strerror: libc.func('const char *strerror(int)'),
  waitpid: libc.func('int waitpid(int, _Out_ int *, int)'),
  sigfillset: libc.func('int sigfillset(void *)'),
  sigemptyset: libc.func('int sigemptyset(void *)'),
  posix_spawn: libc.func(
    'int posix_spawn(_Out_ int *, const char *, void *, void *, const char **, const char **)',
  ),
  addOpen: libc.func('int posix_spawn_file_actions_addopen(void *, int, const char *, int, unsigned int)'),
  fcntl: libc.func('int fcntl(int, int, int)'),
  initActions: libc.func('int posix_spawn_file_actions_init(void *)'),
  initAttributes: libc.func('int posix_spawnattr_init(void *)'),
  setFlags: libc.func('int posix_spawnattr_setflags(void *, short)'),
  setDefaultSignals: libc.func('int posix_spawnattr_setsigdefault(void *, void *)'),
  setSignalMask: libc.func('int posix_spawnattr_setsigmask(void *, void *)'),
};

const codes = Object.fromEntries(Object.entries(koffi.os.errno).map(([code, number]) => [number, code]));

/** A failed system call, in the words that container platforms print: `exec format error`. */
export function systemError(number, what) {
  const text = c.strerror(number).toLowerCase();
  return Object.assign(new Error(what ? `${what}: ${text}` : text), { code: codes[number] });
}

function check(result, what) {
  if (result === -1) throw systemError(koffi.errno(), what);
  return result;
}

export const MS_RDONLY = 1;
export const MS_NOSUID = 2;
export const MS_NODEV = 4;
export const MS_NOEXEC = 8;
export const MS_REMOUNT = 32;
export const MS_BIND = 4096;
export const MS_REC = 16384;

export function mount(source, target, type, flags = 0, data = null) {
  check(c.mount(source, target, type, flags, data), `mount ${type ?? source ?? ''} on ${target}`);
}

const MNT_DETACH = 2;
export const unmount = (target) => check(c.umount2(target, MNT_DETACH), `unmount ${target}`);

export const pivotRoot = (newRoot, putOld) => check(c.pivot_root(newRoot, putOld), 'pivot_root');

export const changeDirectory = (fd) => check(c.fchdir(fd), 'fchdir');

export const setHostName = (name) => check(c.sethostname(name, Buffer.byteLength(name)), 'sethostname');

const PR_CAPBSET_DROP = 24;
/** Takes a capability from everything that this thread executes from now on, not from the caller itself. */
export const dropFromBoundingSet = (capability) => c.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) === 0;

/** Raises the loopback interface of this network namespace; a new one has it down, and `ip` is not on every machine. */
export function raiseLoopback() {
  const [AF_INET, SOCK_DGRAM, SIOCSIFFLAGS, IFF_UP, IFF_RUNNING] = [2, 2, 0x8914, 0x1, 0x40];
  const request = Buffer.alloc(40); // struct ifreq: the name in 16 bytes, then the flags
  request.write('lo');
  request.writeInt16LE(IFF_UP | IFF_RUNNING, 16);
  const socket = check(c.socket(AF_INET, SOCK_DGRAM, 0), 'socket');
  try {
    check(c.ioctl(socket, SIOCSIFFLAGS, request), 'raise the loopback interface');
  } finally {
    c.close(socket);
  }
}

/**
 * Starts a program with the caller's standard output and error, nothing to read, a session of its own and default
 * signals. Node's own spawn would hand a file of unknown format to `/bin/sh`; this one says `exec format error`.
 */
export function spawn(path, args, env) {
  const [F_SETFD, SETSIGDEF, SETSIGMASK, SETSID] = [2, 0x04, 0x08, 0x80];
  const actions = Buffer.alloc(512); // The structures are opaque, and smaller than this in glibc and in musl.
  const attributes = Buffer.alloc(512);
  const signals = Buffer.alloc(128);
  c.initActions(actions);
  c.addOpen(actions, 0, '/dev/null', 0, 0);
  for (const fd of [1, 2]) c.fcntl(fd, F_SETFD, 0); // Node closes all its descriptors for what it executes.
  c.initAttributes(attributes);
  c.setFlags(attributes, SETSIGDEF | SETSIGMASK | SETSID);
  c.sigfillset(signals);
  c.setDefaultSignals(attributes, signals);
  c.sigemptyset(signals);
  c.setSignalMask(attributes, signals);
  const pid = [0];
  const error = c.posix_spawn(pid, path, actions, attributes, [...args, null], [...env, null]);
  if (error !== 0) throw systemError(error, `exec ${path}`);
  return pid[0];
}

/** Collects one child that has ended, whoever was its parent; undefined when there is none at the moment. */
export function reapChild() {
  const WNOHANG = 1;
  const status = [0];
  const pid = c.waitpid(-1, status, WNOHANG);
  if (pid <= 0) return undefined;
  const signal = status[0] & 0x7f;
  return signal === 0 ? { pid, code: (status[0] >> 8) & 0xff, signal: null } : { pid, code: null, signal };
}
