import { EngineError } from '../engines/engine.ts';

/** What an entry of a layer stands for, by its name alone. Paths are lists of names below the root. */
export type EntryPath =
  | { kind: 'entry'; path: string[] }
  /** `path` of a lower layer is to go. */
  | { kind: 'whiteout'; path: string[] }
  /** Everything of lower layers in the directory `path` is to go. */
  | { kind: 'opaque'; path: string[] }
  /** A note that an old storage driver left for itself. */
  | { kind: 'ignored' };

const whiteoutPrefix = '.wh.';
const driverPrefix = '.wh..wh.';
const opaqueMarker = '.wh..wh..opq';

/** Source: https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts */
export function parseEntryPath(name: string): EntryPath {
  const path = pathInImage(name);
  const last = path.at(-1);
  if (!last?.startsWith(whiteoutPrefix)) return { kind: 'entry', path };
  const parent = path.slice(0, -1);
  if (last === opaqueMarker) return { kind: 'opaque', path: parent };
  if (last.startsWith(driverPrefix)) return { kind: 'ignored' };
  const hidden = last.slice(whiteoutPrefix.length);
  if (['', '.', '..'].includes(hidden)) throw leavesImage(name);
  return { kind: 'whiteout', path: [...parent, hidden] };
}

/** The names on the way from the image's root; refuses one that leads out of it. */
export function pathInImage(name: string): string[] {
  const path = name.split('/').filter((step) => step !== '' && step !== '.');
  if (path.includes('..') || name.includes('\0')) throw leavesImage(name);
  return path;
}

const leavesImage = (name: string) =>
  new EngineError(`it names ${JSON.stringify(name)}, which is not a path inside the image`);
