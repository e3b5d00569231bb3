import { z } from 'zod';
import type { BlobStore } from './blob-store.ts';
import type { Content, Place } from './content.ts';
import type { Manifest } from './manifest-format.ts';

/** What an image runs on. */
export interface Platform {
  architecture?: string | undefined;
  os?: string | undefined;
}

// Sources: opencontainers/image-spec media-types.md; distribution docs "Image Manifest Version 2, Schema 2".
const imageConfigTypes = [
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
];
/** Image configs take kilobytes. */
const sizeLimit = 4 * 1024 * 1024;

const imageConfig = z.looseObject({ architecture: z.string().optional(), os: z.string().optional() });

/** Reads the platform from the config of an image. Other manifests, and configs that cannot be read, have none. */
export async function readPlatform(
  content: Content,
  blobs: BlobStore,
  place: Place,
  { config }: Manifest,
): Promise<Platform> {
  if (!config?.mediaType || !imageConfigTypes.includes(config.mediaType)) return {};
  const size = content.blobSize(place, config.digest);
  if (size === undefined || size > sizeLimit) return {};
  const file = await blobs.open(config.digest);
  if (!file) return {};
  try {
    const { architecture, os } = imageConfig.parse(JSON.parse(await file.readFile('utf8')));
    return { architecture, os };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return {};
    throw error;
  } finally {
    await file.close();
  }
}
