import { readdirSync, readlinkSync } from 'node:fs';

/** The files below a folder that this process holds open. Linux only. */
export function openFilesBelow(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(`${folder}/`) ? [path] : [];
    } catch {
      return []; // The descriptor of the listing itself.
    }
  });
}
