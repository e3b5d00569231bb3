import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Why namespaces cannot be used here, with the setting that would change it; undefined when they can. Does all that a
 * container needs but for the program.
 */
export async function whyNoNamespaces(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'Linux namespaces exist on Linux only';
  // Not at the top of the file: it loads the C library, in a form that is Linux's.
  const { openNamespace } = await import('./namespace.ts');
  const directory = await mkdtemp(join(tmpdir(), 'local-azure-probe-'));
  try {
    for (const name of ['lower', 'upper', 'work', 'root']) await mkdir(join(directory, name));
    const namespace = openNamespace({ directory, lower: 'lower', hostName: 'probe', port: 80 }, () => {});
    const problem = await namespace.started.then(
      () => undefined,
      (error: Error) => error.message,
    );
    await namespace.exited;
    return (
      problem && [`Linux namespaces do not work: ${problem}`, ...(await forbiddingSettings())].join('; ')
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Kernel settings by which distributions forbid ordinary users to make namespaces. */
const settings: { file: string; forbids: string; remedy: string }[] = [
  { file: 'user/max_user_namespaces', forbids: '0', remedy: 'user.max_user_namespaces=15000' },
  // Debian's and Ubuntu's own, before and after 2023.
  { file: 'kernel/unprivileged_userns_clone', forbids: '0', remedy: 'kernel.unprivileged_userns_clone=1' },
  {
    file: 'kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    remedy: 'kernel.apparmor_restrict_unprivileged_userns=0',
  },
];

export async function forbiddingSettings(directory = '/proc/sys'): Promise<string[]> {
  const reasons = await Promise.all(
    settings.map(async ({ file, forbids, remedy }) => {
      const value = await readFile(join(directory, file), 'utf8').catch(() => '');
      return value.trim() === forbids
        ? [`${join(directory, file)} is ${forbids}: \`sudo sysctl -w ${remedy}\` allows them`]
        : [];
    }),
  );
  return reasons.flat();
}
