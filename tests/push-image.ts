import { readFile } from 'node:fs/promises';
import type { LocalImage } from '../packages/local-azure/src/app-service/engines/engine.ts';
import type { AdminRegistry } from './admin-registry.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** Pushes an assembled image as the registry's admin user, by its port on loopback. */
export async function pushImage(registry: AdminRegistry, name: string, image: LocalImage): Promise<void> {
  const { loopback, username, password } = registry;
  const [repository, tag] = name.split(':');
  const base = `http://${loopback}/v2/${repository}`;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const send = async (
    method: string,
    url: string,
    type = 'application/octet-stream',
    body?: string | Uint8Array<ArrayBuffer>,
  ) => {
    const headers = { authorization, 'content-type': type };
    const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    if (!answer.ok) throw new Error(`${method} ${url} was answered with ${answer.status}`);
    return answer;
  };

  for (const { digest, path } of [image.configFile, ...image.layers]) {
    const { headers } = await send('POST', `${base}/blobs/uploads/`);
    const location = new URL(headers.get('location')!, base);
    location.searchParams.set('digest', digest);
    await send('PUT', location.href, undefined, new Uint8Array(await readFile(path)));
  }
  const { length: size } = await readFile(image.configFile.path);
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: image.configFile.digest, size },
    layers: image.layers.map(({ digest, mediaType, size }) => ({ digest, mediaType, size })),
  };
  await send('PUT', `${base}/manifests/${tag}`, manifestType, JSON.stringify(manifest));
}
