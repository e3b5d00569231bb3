// A client of the local Azure in a process of its own, under its settings: reads one JSON order a line, answers each
// as soon as it is done. One process for many orders, since Node reads the CA setting at its start only.
import { createInterface } from 'node:readline';
import { connectAzure } from '../../packages/acrpull/dist/azure/azure.js';
import { registryToken } from '../../packages/acrpull/dist/azure/registry.js';
import { examine } from '../../packages/acrpull/dist/cli/examine.js';

const azure = await connectAzure();

const orders = {
  arm: ({ method, path, apiVersion, body }) => azure.resourceManager.send(method, path, apiVersion, body),
  graph: async ({ method, path, body }) => {
    const response = await azure.graph(method, `https://graph.microsoft.com/v1.0${path}`, {
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (response.status >= 400)
      throw new Error(`${method} ${path}: ${response.status} ${response.bodyAsText}`);
    return response.bodyAsText ? JSON.parse(response.bodyAsText) : undefined;
  },
  /** Tags an index that has the image of another tag, as if it were for this platform; returns what the registry says. */
  pushIndex: async ({ host, repository, from, tag, platform }) => {
    const { anonymous, credential } = azure;
    const { token } = await registryToken(anonymous, credential, host, `repository:${repository}:pull,push`);
    const send = (method, reference, type, body) =>
      anonymous(method, `https://${host}/v2/${repository}/manifests/${reference}`, {
        headers: { authorization: `Bearer ${token}`, accept: type, 'content-type': type },
        ...(body && { body: JSON.stringify(body) }),
      });
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const { headers, bodyAsText } = await send('GET', from, mediaType);
    const image = {
      mediaType,
      digest: headers.get('docker-content-digest'),
      size: bodyAsText.length,
      platform,
    };
    const indexType = 'application/vnd.oci.image.index.v1+json';
    const index = { schemaVersion: 2, mediaType: indexType, manifests: [image] };
    const { status } = await send('PUT', tag, indexType, index);
    if (status !== 201) throw new Error(`the index was answered with ${status}`);
  },
  doctor: async ({ app }) => (await examine(azure, { app })).report,
  /** Starts a site anew and returns what its log says of it. */
  restart: async ({ site }) => {
    await azure.resourceManager.send('POST', `${site}/restart`, '2023-12-01');
    await azure.visitor('GET', `https://${await hostOf(site)}/`);
    const log = await orders.log({ site });
    return log.slice(log.lastIndexOf('Pulling image: '));
  },
  log: async ({ site }) => {
    const folder = `https://${(await hostOf(site)).replace('.', '.scm.')}/api/vfs/LogFiles/`;
    const files = JSON.parse((await azure.authenticated('GET', folder)).bodyAsText);
    const platforms = files.find((file) => /_docker\.log$/.test(file.name) && !/default/.test(file.name));
    return platforms ? (await azure.authenticated('GET', `${folder}${platforms.name}`)).bodyAsText : '';
  },
};

async function hostOf(site) {
  const { properties } = await azure.resourceManager.get(site, '2023-12-01');
  return properties.defaultHostName;
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, order, ...given } = JSON.parse(line);
  const answer = await orders[order](given).then(
    (value) => ({ value: value ?? null }),
    (error) => ({ error: `${order} ${JSON.stringify(given)}: ${error.stack ?? error}` }),
  );
  process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`);
});
