import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { Failure } from '../failure.ts';

export interface SampleImage {
  manifest: { mediaType: string; digest: string; content: Buffer };
  /** The configuration and the layers. */
  blobs: { digest: string; content: Buffer }[];
}

const indexPage = `<h1>Hello from a container that was pulled without a key</h1>
<p>Served by a static binary in an image of two files, FROM scratch.</p>
`;

/**
 * Assembles a small web server as an OCI image, with no engine and no network: esbuild's static Linux binary, which
 * has a file server, and one page. (0.24 is the last esbuild whose server answers whatever the Host header says.)
 *
 * Source: https://github.com/opencontainers/image-spec (manifest.md, config.md, layer.md).
 */
export async function assembleSampleImage(): Promise<SampleImage> {
  const archive = await tar([
    { name: 'esbuild', mode: 0o755, content: await readServer() },
    { name: 'www/index.html', mode: 0o644, content: Buffer.from(indexPage) },
  ]);
  const layer = gzipSync(archive, { level: 1 });
  const config = Buffer.from(
    JSON.stringify({
      architecture: { x64: 'amd64', arm64: 'arm64' }[process.arch as 'x64'] ?? process.arch,
      os: 'linux',
      config: {
        ExposedPorts: { '80/tcp': {} },
        // It would stop when its input ends, were it not told to watch for ever.
        Entrypoint: ['/esbuild', '--serve=0.0.0.0:80', '--servedir=/www', '--watch=forever'],
        WorkingDir: '/www',
      },
      rootfs: { type: 'layers', diff_ids: [digestOf(archive)] },
    }),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: descriptor('application/vnd.oci.image.config.v1+json', config),
      layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
    }),
  );
  return {
    manifest: { mediaType, digest: digestOf(manifest), content: manifest },
    blobs: [config, layer].map((content) => ({ digest: digestOf(content), content })),
  };
}

const digestOf = (content: Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`;

const descriptor = (mediaType: string, content: Buffer) => ({
  mediaType,
  digest: digestOf(content),
  size: content.length,
});

function readServer(): Promise<Buffer> {
  const name = `@esbuild/linux-${process.arch}/bin/esbuild`;
  let file: string;
  try {
    const require = createRequire(import.meta.url);
    file = createRequire(require.resolve('esbuild/package.json')).resolve(name);
  } catch {
    throw new Failure(
      `The sample image needs a static Linux program, and the package ${name} is not installed here.`,
      {
        next: `npm install --no-save --force @esbuild/linux-${process.arch}`,
      },
    );
  }
  return readFile(file);
}

async function tar(files: { name: string; mode: number; content: Buffer }[]): Promise<Buffer> {
  const archive = pack();
  // A fixed time, so that the same parts make the same digest every day.
  for (const { name, mode, content } of files) archive.entry({ name, mode, mtime: new Date(0) }, content);
  archive.finalize();
  return buffer(archive);
}
