import { chmodSync, linkSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EngineError } from '../engines/engine.ts';
import { pathInImage } from './entry-path.ts';
import { resolveDirectory } from './resolve-in-root.ts';

/**
 * One layer being laid over those below it, in a directory.
 *
 * File system calls are synchronous: they are many, tiny and in order, and ten times faster this way.
 */
export interface LayerTree {
  /** Makes room for an entry that is not a directory, and returns where to create it. */
  prepare(path: readonly string[]): string;
  directory(path: readonly string[], mode: number): void;
  symbolicLink(path: readonly string[], target: string): void;
  /** `target` as the layer names it. */
  hardLink(path: readonly string[], target: string): void;
  /** Removes what lower layers have at `path`. */
  hide(path: readonly string[]): void;
  /** Removes what lower layers have in the directory `path`. */
  hideContents(path: readonly string[]): void;
}

export function createLayerTree(root: string): LayerTree {
  /** Real paths of what this layer brought, with the directories on the way: its own whiteouts spare them. */
  const own = new Set<string>([root]);

  function claim(real: string): string {
    for (let path = real; !own.has(path); path = dirname(path)) own.add(path);
    return real;
  }

  /** The last name is never followed, whatever stands there: it is what the entry is about. */
  function locate(path: readonly string[], make: boolean): string | undefined {
    const name = path.at(-1);
    const parent = resolveDirectory(root, path.slice(0, -1), make);
    return parent === undefined || name === undefined ? undefined : join(parent, name);
  }

  function prepare(path: readonly string[]): string {
    const real = locate(path, true);
    if (real === undefined) throw new EngineError('it replaces the root of the image by something else');
    rmSync(real, { recursive: true, force: true });
    return claim(real);
  }

  function hideIn(directory: string) {
    for (const name of readdirSync(directory)) {
      const real = join(directory, name);
      if (!own.has(real)) rmSync(real, { recursive: true, force: true });
      else if (lstatSync(real).isDirectory()) hideIn(real);
    }
  }

  return {
    prepare,
    directory(path, mode) {
      if (path.length === 0) return;
      const real = locate(path, true)!;
      const found = lstatSync(real, { throwIfNoEntry: false });
      if (!found?.isDirectory()) mkdirSync(prepare(path));
      // Its owner must be able to unpack into it and to remove it again; in the container root may do both anyway.
      chmodSync(claim(real), (mode & 0o1777) | 0o700);
    },
    symbolicLink(path, target) {
      // Kept as it is, wherever it points: it is only text until something follows it, and that is done in the root.
      symlinkSync(target, prepare(path));
    },
    hardLink(path, target) {
      const existing = locate(pathInImage(target), false);
      const found = existing === undefined ? undefined : lstatSync(existing, { throwIfNoEntry: false });
      if (existing === undefined || found === undefined || found.isDirectory()) {
        throw new EngineError(
          `it links /${path.join('/')} to ${JSON.stringify(target)}, which is no file in the image`,
        );
      }
      if (existing !== locate(path, true)) linkSync(existing, prepare(path));
    },
    hide(path) {
      const real = locate(path, false);
      if (real === undefined || !lstatSync(real, { throwIfNoEntry: false })) return;
      if (!own.has(real)) rmSync(real, { recursive: true, force: true });
      else if (lstatSync(real).isDirectory()) hideIn(real);
    },
    hideContents(path) {
      const directory = resolveDirectory(root, path, false);
      if (directory !== undefined) hideIn(directory);
    },
  };
}
