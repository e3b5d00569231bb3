import { z } from 'zod';
import { PullError } from './pull-error.ts';

/** Source: opencontainers/image-spec manifest.md and image-index.md; Docker's media types mean the same. */
const indexTypes = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);
const manifestTypes = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]);
/** What the worker understands, for `Accept`. */
export const acceptedTypes = [...manifestTypes, ...indexTypes].join(', ');
const layerTypes =
  /^application\/vnd\.(oci\.image\.layer\.v1\.tar(\+gzip|\+zstd)?|docker\.image\.rootfs\.diff\.tar(\.gzip)?)$/;

const descriptor = z.object({
  mediaType: z.string(),
  digest: z.string().regex(/^(sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/),
  size: z.int().nonnegative(),
});
const imageManifest = z.object({ config: descriptor, layers: z.array(descriptor) });
const index = z.object({
  manifests: z.array(
    descriptor.extend({ platform: z.object({ architecture: z.string(), os: z.string() }).optional() }),
  ),
});
const config = z.looseObject({
  architecture: z.string(),
  os: z.string(),
  rootfs: z.object({ type: z.string(), diff_ids: z.array(z.string()) }),
});

export type Descriptor = z.infer<typeof descriptor>;
export type ImageManifest = z.infer<typeof imageManifest>;

/** An image's manifest, or the digest of the one for this platform in an index. */
export type ReadManifest = { kind: 'image'; manifest: ImageManifest } | { kind: 'index'; digest: string };

/** OCI's name of this machine's architecture. */
export const machineArchitecture = process.arch === 'x64' ? 'amd64' : process.arch;

export function readManifest(mediaType: string, body: Buffer, architecture: string): ReadManifest {
  if (indexTypes.has(mediaType)) {
    const { manifests } = parse(index, body, mediaType);
    const match = manifests.find(
      ({ platform }) => platform?.os === 'linux' && platform.architecture === architecture,
    );
    if (match) return { kind: 'index', digest: match.digest };
    throw new PullError(
      'no-matching-platform',
      `no matching manifest for linux/${architecture} in the manifest list entries`,
    );
  }
  if (!manifestTypes.has(mediaType)) throw unsupported(mediaType);
  const manifest = parse(imageManifest, body, mediaType);
  const strange = manifest.layers.find((layer) => !layerTypes.test(layer.mediaType));
  if (strange) throw unsupported(strange.mediaType);
  return { kind: 'image', manifest };
}

/** The image's configuration, checked for what is needed to run it. */
export function readConfig(body: Buffer) {
  const read = parse(config, body, 'image configuration');
  if (read.os === 'linux') return read;
  // Source of the words: moby/moby distribution/pull_v2.go
  throw new PullError(
    'unsupported-manifest',
    `image operating system ${JSON.stringify(read.os)} cannot be used on this platform`,
  );
}

function parse<T>(schema: z.ZodType<T>, body: Buffer, what: string): T {
  try {
    return schema.parse(JSON.parse(body.toString('utf8')));
  } catch {
    throw new PullError('unsupported-manifest', `invalid ${what}`);
  }
}

const unsupported = (mediaType: string) =>
  new PullError('unsupported-manifest', `unsupported media type ${mediaType || '(none)'}`);
