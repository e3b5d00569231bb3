import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleSampleImage } from '../packages/acrpull/src/demo/sample-image.ts';

/**
 * Writes the sample image as an OCI image layout, which skopeo and others read as `oci:<folder>:<tag>`.
 * Source: https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export async function writeSampleLayout(tag: string): Promise<{ folder: string; digest: string }> {
  const { manifest, blobs } = await assembleSampleImage();
  const folder = await mkdtemp(join(tmpdir(), 'oci-layout-'));
  await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
  for (const { digest, content } of [manifest, ...blobs]) {
    await writeFile(join(folder, 'blobs', ...digest.split(':')), content);
  }
  const entry = {
    mediaType: manifest.mediaType,
    digest: manifest.digest,
    size: manifest.content.length,
    annotations: { 'org.opencontainers.image.ref.name': tag },
  };
  await writeFile(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
  await writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  return { folder, digest: manifest.digest };
}
