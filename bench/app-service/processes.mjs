import { readdir, readFile } from 'node:fs/promises';

/** A process with everything below it, by id. */
async function tree(root) {
  const children = new Map();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)) {
    const fields = await statOf(pid);
    if (fields) children.set(fields.parent, [...(children.get(fields.parent) ?? []), pid]);
  }
  const below = (pid) => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return [root, ...below(root)];
}

async function statOf(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name, in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat && { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
}

/** The memory of a process and of everything below it, shared pages counted once, in MiB; and of the process alone. */
export async function memoryOf(root) {
  const sizes = await Promise.all(
    (await tree(root)).map(async (pid) => {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
      return Number(/^Pss: +(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024;
    }),
  );
  return { own: sizes[0], all: sizes.reduce((sum, size) => sum + size, 0), processes: sizes.length };
}

/** Processor time in milliseconds, which the kernel counts in hundredths of a second. */
export async function cpuOf(root) {
  const used = { own: 0, inits: 0, programs: 0 };
  for (const pid of await tree(root)) {
    const { ticks = 0 } = (await statOf(pid)) || {};
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (pid === root) used.own += ticks * 10;
    else used[/unshare|init\.js/.test(command) ? 'inits' : 'programs'] += ticks * 10;
  }
  return used;
}
