import { z } from 'zod';
import { manifestInvalid } from './errors.ts';
import { type Digest, parseDigest } from './names.ts';

/** What the registry must know of a manifest; the rest of its bytes is the client's. */
export interface Manifest {
  mediaType: string;
  /** Config and layers that must be in the repository. */
  blobs: Digest[];
  /** The same, and the layers that may live elsewhere: they are kept where they are here. */
  namedBlobs: Digest[];
  /** Of an image or another artifact; undefined of an index. */
  config: { digest: Digest; mediaType: string | undefined } | undefined;
  /** Manifests of an index, which must be there too. */
  manifests: PlatformManifest[];
  subject: Digest | undefined;
  artifactType: string | undefined;
  annotations: Record<string, string> | undefined;
}

/** An entry of an index. */
export interface PlatformManifest {
  digest: Digest;
  architecture: string | undefined;
  os: string | undefined;
}

// Sources: opencontainers/image-spec manifest.md and image-index.md;
// distribution docs "Image Manifest Version 2, Schema 2".
const imageTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
export const ociIndexType = 'application/vnd.oci.image.index.v1+json';
const indexTypes = [ociIndexType, 'application/vnd.docker.distribution.manifest.list.v2+json'];

const digest = z.string().transform((text, context): Digest => {
  const value = parseDigest(text);
  if (value) return value;
  context.addIssue({ code: 'custom', message: `invalid digest "${text}"` });
  return z.NEVER;
});
const descriptor = z.looseObject({
  mediaType: z.string().optional(),
  digest,
  size: z.int().nonnegative(),
  urls: z.array(z.string()).nullish(),
});
const common = {
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  subject: descriptor.nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
};
const image = z.looseObject({ ...common, config: descriptor, layers: z.array(descriptor) });
const platform = z.looseObject({ architecture: z.string().optional(), os: z.string().optional() });
const entry = descriptor.extend({ platform: platform.nullish() });
const index = z.looseObject({ ...common, manifests: z.array(entry) });

/** Reads a manifest that is pushed with this `Content-Type`. Throws what is wrong with it. */
export function parseManifest(body: Buffer, contentType: string | undefined): Manifest {
  const json = parseJson(body);
  const mediaType = (contentType ?? '').replace(/;.*/s, '').trim() || declaredType(json);
  if (imageTypes.includes(mediaType)) {
    const { config, layers, ...rest } = check(image, json, mediaType);
    const all = [config, ...layers];
    return {
      ...facts(rest, mediaType),
      artifactType: rest.artifactType || config.mediaType,
      blobs: digests(all.filter((each) => !isForeign(each))),
      namedBlobs: digests(all),
      config: { digest: config.digest, mediaType: config.mediaType },
      manifests: [],
    };
  }
  if (indexTypes.includes(mediaType)) {
    const { manifests, ...rest } = check(index, json, mediaType);
    return {
      ...facts(rest, mediaType),
      blobs: [],
      namedBlobs: [],
      config: undefined,
      manifests: manifests.map(toEntry),
    };
  }
  throw manifestInvalid(`unsupported manifest media type "${mediaType}"`);
}

type Descriptor = z.infer<typeof descriptor>;
const digests = (descriptors: Descriptor[]) => descriptors.map((each) => each.digest);

// A layer with `urls` may live elsewhere, as those of Windows' base images do.
const isForeign = ({ urls }: Descriptor) => (urls ?? []).length > 0;

const toEntry = ({ digest, platform }: z.infer<typeof entry>): PlatformManifest => ({
  digest,
  architecture: platform?.architecture,
  os: platform?.os,
});

const facts = (
  manifest: Pick<z.infer<typeof index>, 'subject' | 'artifactType' | 'annotations'>,
  mediaType: string,
) => ({
  mediaType,
  subject: manifest.subject?.digest,
  artifactType: manifest.artifactType || undefined,
  annotations: manifest.annotations ?? undefined,
});

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw manifestInvalid('manifest is not valid JSON');
  }
}

const declaredType = (json: unknown): string => {
  const { data } = z.looseObject({ mediaType: z.string() }).safeParse(json);
  return data?.mediaType ?? '';
};

function check<T extends { mediaType?: string | undefined }>(
  schema: z.ZodType<T>,
  json: unknown,
  mediaType: string,
): T {
  const { data, error } = schema.safeParse(json);
  if (!data) {
    const { path, message } = error!.issues[0]!;
    throw manifestInvalid(`manifest invalid: ${path.join('.') || 'manifest'}: ${message}`);
  }
  if (data.mediaType !== undefined && data.mediaType !== mediaType) {
    throw manifestInvalid(`manifest says "${data.mediaType}", its Content-Type "${mediaType}"`);
  }
  return data;
}
