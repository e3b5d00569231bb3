/** Makes the container's file system and moves this process into it. The host's is out of reach afterwards. */
import { closeSync, existsSync, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import {
  changeDirectory,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_RDONLY,
  MS_REC,
  MS_REMOUNT,
  mount,
  pivotRoot,
  setHostName,
  unmount,
} from './kernel.js';

const isolated = MS_NOSUID | MS_NODEV | MS_NOEXEC;

/**
 * Runs in the container's directory, which holds `upper`, `work` and `root`; `lower` is the image's root as a path
 * relative to it. Nothing of the image is touched before the pivot: its symbolic links would lead out into the host.
 */
export async function enterRoot(lower, hostName) {
  await mountRoot(lower);
  const host = openSync('/', 'r');
  process.chdir('root');
  // Puts the old root on top of the new one, at the same place. Source: pivot_root(2), `pivot_root(".", ".")`.
  pivotRoot('.', '.');
  changeDirectory(host);
  // From here `/x` is the container's x and `x` the host's.
  mountKernelFileSystems();
  unmount('.');
  closeSync(host);
  process.chdir('/');
  nameHost(hostName);
}

async function mountRoot(lower) {
  try {
    // Unprivileged overlays exist since Linux 5.11 and keep their marks in the `user.` attributes.
    mount('overlay', 'root', 'overlay', 0, `lowerdir=${lower},upperdir=upper,workdir=work,userxattr`);
  } catch {
    await cp(lower, 'upper', { recursive: true, verbatimSymlinks: true });
    mount('upper', 'root', null, MS_BIND);
  }
}

function mountKernelFileSystems() {
  // While the host's /proc is still there: a namespace may mount a new one only where it already sees one whole.
  mkdirSync('/proc', { recursive: true });
  mount('proc', '/proc', 'proc', isolated);
  // Root of this namespace is, to the host, the user who runs the local Azure; if that is root, these would be theirs.
  for (const path of ['/proc/sys', '/proc/sysrq-trigger', '/proc/irq', '/proc/bus', '/proc/fs']) {
    if (!existsSync(path)) continue;
    mount(path, path, null, MS_BIND | MS_REC);
    mount(null, path, null, MS_REMOUNT | MS_BIND | MS_RDONLY | isolated);
  }

  mkdirSync('/sys', { recursive: true });
  try {
    mount('sysfs', '/sys', 'sysfs', isolated | MS_RDONLY);
  } catch {
    // Refused where the host itself sees only a part of /sys. Programs get by without.
  }

  mkdirSync('/dev', { recursive: true });
  mount('tmpfs', '/dev', 'tmpfs', MS_NOSUID, 'mode=755,size=64k');
  for (const device of ['null', 'zero', 'full', 'random', 'urandom', 'tty']) {
    writeFileSync(`/dev/${device}`, '');
    mount(`dev/${device}`, `/dev/${device}`, null, MS_BIND);
  }
  for (const [name, target] of [
    ['fd', '/proc/self/fd'],
    ['stdin', '/proc/self/fd/0'],
    ['stdout', '/proc/self/fd/1'],
    ['stderr', '/proc/self/fd/2'],
    ['ptmx', 'pts/ptmx'],
  ]) {
    symlinkSync(target, `/dev/${name}`);
  }
  mkdirSync('/dev/pts');
  mount('devpts', '/dev/pts', 'devpts', MS_NOSUID | MS_NOEXEC, 'newinstance,ptmxmode=0666,mode=0620');
  mkdirSync('/dev/shm');
  mount('tmpfs', '/dev/shm', 'tmpfs', isolated, 'mode=1777,size=64m');
}

function nameHost(hostName) {
  setHostName(hostName);
  mkdirSync('/etc', { recursive: true });
  for (const [file, text] of [
    ['/etc/hostname', `${hostName}\n`],
    ['/etc/hosts', `127.0.0.1\tlocalhost\n::1\tlocalhost\n127.0.0.1\t${hostName}\n`],
    ['/etc/resolv.conf', '# This container reaches no network but its own loopback.\n'],
  ]) {
    rmSync(file, { force: true }); // It may be a symbolic link to nowhere.
    writeFileSync(file, text);
  }
}
