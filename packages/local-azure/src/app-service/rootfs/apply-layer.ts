import { closeSync, fchmodSync, futimesSync, openSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Header } from 'tar-stream';
import { EngineError } from '../engines/engine.ts';
import { parseEntryPath } from './entry-path.ts';
import { createLayerTree, type LayerTree } from './layer-tree.ts';

/** One entry of a tar archive. */
export type TarEntry = Readable & { header: Header };

/** Lays a layer's entries over the directory `root`. Source: the OCI image specification, layer.md. */
export async function applyLayer(root: string, entries: AsyncIterable<TarEntry>): Promise<void> {
  const tree = createLayerTree(root);
  for await (const entry of entries) {
    const place = parseEntryPath(entry.header.name);
    if (place.kind === 'whiteout') tree.hide(place.path);
    else if (place.kind === 'opaque') tree.hideContents(place.path);
    else if (place.kind === 'entry') await applyEntry(tree, place.path, entry);
    entry.resume();
  }
}

async function applyEntry(tree: LayerTree, path: string[], entry: TarEntry): Promise<void> {
  const { name, type, mode = 0o644, linkname, mtime } = entry.header;
  switch (type) {
    case 'file':
    case 'contiguous-file':
      return writeFile(tree.prepare(path), entry, mode, mtime ?? new Date(0));
    case 'directory':
      return tree.directory(path, mode);
    case 'symlink':
      return tree.symbolicLink(path, linkname ?? '');
    case 'link':
      return tree.hardLink(path, linkname ?? '');
    case 'character-device':
    case 'block-device':
    case 'fifo':
      // Only root may make a device, and the engine brings those that a program needs. Nor can Node make a FIFO.
      return;
    default:
      throw new EngineError(`it has ${JSON.stringify(name)}, an entry of a type that is not supported`);
  }
}

async function writeFile(path: string, content: Readable, mode: number, mtime: Date): Promise<void> {
  const fd = openSync(path, 'wx', 0o600); // `x`: never an existing file, never through a symbolic link.
  try {
    for await (const chunk of content) writeFully(fd, chunk);
    // Without the set-user-id bits: outside of the container they would hand out the rights of whoever runs us.
    fchmodSync(fd, mode & 0o777);
    futimesSync(fd, mtime, mtime);
  } finally {
    closeSync(fd);
  }
}

function writeFully(fd: number, chunk: Uint8Array) {
  for (let written = 0; written < chunk.length; ) written += writeSync(fd, chunk, written);
}
