import { lstatSync, mkdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../engines/engine.ts';

/** As many symbolic links as Linux follows in one path. */
const mostLinks = 40;

/**
 * The real directory that `path` names when `root` is `/`: symbolic links on the way are followed as they would be
 * inside the image, so none leads out. Makes the directories that are missing, or returns undefined when told not to.
 */
export function resolveDirectory(root: string, path: readonly string[], make: boolean): string | undefined {
  const pending = [...path];
  const at: string[] = [];
  let links = 0;
  for (let step = pending.shift(); step !== undefined; step = pending.shift()) {
    if (step === '' || step === '.') continue;
    if (step === '..') {
      at.pop();
      continue;
    }
    const real = join(root, ...at, step);
    const found = lstatSync(real, { throwIfNoEntry: false });
    if (found?.isSymbolicLink()) {
      if (++links > mostLinks)
        throw new EngineError(`too many symbolic links on the way to /${path.join('/')}`);
      const target = readlinkSync(real);
      if (target.startsWith('/')) at.length = 0;
      pending.unshift(...target.split('/'));
      continue;
    }
    if (found === undefined) {
      if (!make) return undefined;
      mkdirSync(real, { mode: 0o755 });
    } else if (!found.isDirectory()) {
      throw new EngineError(`/${[...at, step].join('/')} is not a directory, though it has files below it`);
    }
    at.push(step);
  }
  return join(root, ...at);
}
