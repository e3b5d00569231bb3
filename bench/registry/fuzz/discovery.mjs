import { authorize, someDigest } from './client.mjs';

const page = (random) => [
  ...(random.chance(0.5) ? [['n', String(random.pick([1, 2, 10, 100, 0, 999999]))]] : []),
  ...(random.chance(0.3) ? [['last', random.pick(['a', 't5', 'fuzz/shared', '~', ''])]] : []),
];

/** What lists: repositories, tags, referrers; and the way in. */
export const discovery = [
  {
    weight: 2,
    make: (random, client) => ({
      method: random.pick(['GET', 'GET', 'HEAD']),
      path: random.pick(['/v2/', '/v2', '/v2/_catalog']),
      query: page(random),
      headers: authorize(random, client),
    }),
  },
  {
    weight: 3,
    make: (random, client) => ({
      method: 'GET',
      path: `/v2/${random.pick([...client.repositories, 'fuzz/none'])}/tags/list`,
      query: page(random),
      headers: authorize(random, client),
    }),
  },
  {
    weight: 2,
    make(random, client) {
      const none = { repository: client.repositories[0], digest: someDigest(random) };
      const { repository, digest } = client.manifests.pick(random, () => none);
      return {
        method: 'GET',
        path: `/v2/${repository}/referrers/${digest}`,
        query: random.chance(0.3) ? [['artifactType', 'application/vnd.fuzz']] : [],
        headers: authorize(random, client),
      };
    },
  },
];
