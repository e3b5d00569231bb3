import type { Azure } from '../azure/azure.ts';
import { registryToken } from '../azure/registry.ts';
import { Failure } from '../failure.ts';
import type { SampleImage } from './sample-image.ts';

/** Pushes an image through the OCI push API, with a token that the registry gives for the caller's Entra token. */
export async function pushImage(
  { anonymous: http, credential }: Azure,
  { host, repository, tag }: { host: string; repository: string; tag: string },
  image: SampleImage,
): Promise<void> {
  const access = await registryToken(http, credential, host, `repository:${repository}:pull,push`);
  if (access.token === undefined)
    throw new Failure(`The registry refused the push: ${access.refused}`, { resource: host });
  const authorization = `Bearer ${access.token}`;
  const base = `https://${host}/v2/${repository}`;
  const expect = (what: string, status: number, wanted: number) => {
    if (status !== wanted) throw new Failure(`${what} was answered with ${status}`, { resource: `${base}` });
  };
  const put = async (url: string, contentType: string, content: Buffer) =>
    (await http('PUT', url, { headers: { authorization, 'content-type': contentType }, body: content }))
      .status;

  await Promise.all(
    image.blobs.map(async ({ digest, content }) => {
      const start = await http('POST', `${base}/blobs/uploads/`, { headers: { authorization } });
      expect('Starting an upload', start.status, 202);
      const location = new URL(start.headers.get('location') ?? '', base);
      location.searchParams.set('digest', digest);
      expect(`Blob ${digest}`, await put(location.href, 'application/octet-stream', content), 201);
    }),
  );
  const { mediaType, content } = image.manifest;
  expect('The manifest', await put(`${base}/manifests/${tag}`, mediaType, content), 201);
}
