import { authorize, someDigest } from './client.mjs';

const orders = ['timeasc', 'timedesc', 'none', '', 'sideways'];
const attributes = ['deleteEnabled', 'writeEnabled', 'readEnabled', 'listEnabled'];

const page = (random) => [
  ...(random.chance(0.4) ? [['n', String(random.pick([1, 2, 10, 100, 0]))]] : []),
  ...(random.chance(0.3) ? [['last', random.pick(['a', 't5', 'sha256:5', ''])]] : []),
  ...(random.chance(0.3) ? [['orderby', random.pick(orders)]] : []),
  ...(random.chance(0.1) ? [['digest', someDigest(random)]] : []),
];

/** A repository, a tag or a manifest. */
function someItem(random, client) {
  const tag = client.tags.pick(random, () => ({ repository: client.repositories[0], tag: 'none' }));
  const manifest = client.manifests.pick(random, () => ({
    repository: tag.repository,
    digest: someDigest(random),
  }));
  return random.pick([
    { path: `/acr/v1/${tag.repository}/_tags/${tag.tag}`, forget: () => client.tags.forget(tag) },
    { path: `/acr/v1/${manifest.repository}/_manifests/${manifest.digest}`, forget() {} },
    { path: `/acr/v1/${random.pick(client.repositories)}`, forget() {} },
  ]);
}

/** ACR's own API. */
export const acr = [
  {
    weight: 4,
    make(random, client) {
      const repository = random.pick(client.repositories);
      const lists = ['_catalog', `${repository}/_tags`, `${repository}/_manifests`];
      return {
        method: 'GET',
        path: `/acr/v1/${random.pick(lists)}`,
        query: page(random),
        headers: authorize(random, client),
      };
    },
  },
  {
    weight: 4,
    make: (random, client) => ({
      method: random.pick(['GET', 'GET', 'HEAD']),
      path: someItem(random, client).path,
      headers: authorize(random, client),
    }),
  },
  {
    weight: 2,
    make(random, client) {
      // What is locked stays so until the next of these: few are.
      const changes = { [random.pick(attributes)]: random.chance(0.97) };
      return {
        method: 'PATCH',
        path: someItem(random, client).path,
        headers: { ...authorize(random, client), 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(changes)),
      };
    },
  },
  {
    weight: 0.3,
    make(random, client) {
      const { path, forget } = someItem(random, client);
      return {
        method: 'DELETE',
        path,
        headers: authorize(random, client),
        learn: ({ status }) => status === 202 && forget(),
      };
    },
  },
];
