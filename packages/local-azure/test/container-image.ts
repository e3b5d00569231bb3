import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import type { ImageConfig, LocalImage } from '../src/app-service/engines/engine.ts';
import { sha256 } from './sha256.ts';

export type Entry = Partial<Header> & { name: string; content?: string | Uint8Array };

/** A tar archive, uncompressed. */
export function tar(entries: Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of entries) {
    if (content === undefined) archive.entry(header);
    else archive.entry(header, Buffer.from(content));
  }
  archive.finalize();
  return buffer(archive);
}

/** Writes an image's blobs into `directory`, as a puller would. */
export async function assembleImage(
  directory: string,
  layers: Entry[][],
  config: NonNullable<ImageConfig['config']> = {},
  compress: (tar: Buffer) => Buffer = (data) => gzipSync(data, { level: 1 }),
): Promise<LocalImage> {
  await mkdir(directory, { recursive: true });
  const store = async (data: Uint8Array) => {
    const digest = sha256(data);
    const path = join(directory, digest.slice('sha256:'.length));
    await writeFile(path, data);
    return { digest, path, size: data.length };
  };
  const tars = await Promise.all(layers.map(tar));
  const blobs = await Promise.all(tars.map((data) => store(compress(data))));
  const image: ImageConfig = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: tars.map(sha256) },
  };
  const configFile = await store(Buffer.from(JSON.stringify(image)));
  return {
    reference: 'hoge.azurecr.io/app:0.1.0',
    digest: sha256(configFile.digest),
    config: image,
    configFile,
    layers: blobs.map((blob) => ({ ...blob, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' })),
  };
}

/** esbuild's Linux binary is static and brings a file server, and the registry package is here already. */
export function readFileServer(): Promise<Buffer> {
  const require = createRequire(import.meta.url);
  return readFile(require.resolve(`@esbuild/linux-${process.arch}/bin/esbuild`));
}

/** This very Node as `/node`, with the libraries that it needs: for what a static binary cannot do. */
export async function nodeLayer(): Promise<Entry[]> {
  const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
  const libraries = sharedObjects.filter((path) => path.startsWith('/') && /\.so(\.|$)/.test(path));
  const file = async (name: string, path: string) => ({ name, mode: 0o755, content: await readFile(path) });
  return Promise.all([file('node', process.execPath), ...libraries.map((path) => file(path.slice(1), path))]);
}

/** An image FROM scratch that serves `/www` on port 80. */
export async function assembleFileServer(directory: string): Promise<LocalImage> {
  const layers: Entry[][] = [
    [{ name: 'esbuild', mode: 0o755, content: await readFileServer() }],
    [
      { name: 'www', type: 'directory', mode: 0o755 },
      { name: 'www/index.html', content: 'Hello from the container' },
    ],
  ];
  return assembleImage(directory, layers, {
    Entrypoint: ['/esbuild'],
    // Without the last one it stops at the end of standard input, and a container has none.
    Cmd: ['--serve=0.0.0.0:80', '--servedir=/www', '--watch=forever'],
  });
}
