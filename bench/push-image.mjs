import { createHash, randomBytes } from 'node:crypto';

const digestOf = (content) => `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** User and password for a registry, for any client: the caller's Entra token, exchanged. */
export async function registryUser(azure, host) {
  const fields = { grant_type: 'access_token', service: host, access_token: azure.token };
  const { refresh_token: password } = await azure.form(`https://${host}/oauth2/exchange`, fields);
  return `00000000-0000-0000-0000-000000000000:${password}`;
}

/** Pushes an image of one layer that cannot be compressed, so that its size is what goes over the wire. */
export async function pushImage(azure, host, user, layerBytes) {
  const authorization = `Basic ${Buffer.from(user).toString('base64')}`;
  const put = async (content) => {
    const digest = digestOf(content);
    await azure.request('POST', `https://${host}/v2/app/blobs/uploads/?digest=${digest}`, {
      headers: { authorization, 'content-type': 'application/octet-stream' },
      body: content,
    });
    return { digest, size: content.length };
  };
  const layer = randomBytes(layerBytes);
  const rootfs = { type: 'layers', diff_ids: [digestOf(layer)] };
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs }));
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...(await put(config)) },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...(await put(layer)) }],
  };
  await azure.request('PUT', `https://${host}/v2/app/manifests/1`, {
    headers: { authorization, 'content-type': mediaType },
    body: JSON.stringify(manifest),
  });
}
