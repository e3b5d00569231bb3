import { authorize, digestOf, someDigest } from './client.mjs';

const ranges = [
  'bytes=0-9',
  'bytes=5-',
  'bytes=-3',
  'bytes=0-0',
  'bytes=999999-',
  'bytes=9-1',
  'items=0-1',
  'bytes=0-1,3-4',
];

const someBlob = (random, client) =>
  client.blobs.pick(random, () => ({ repository: client.repositories[0], digest: someDigest(random) }));

/** Blobs that are there, or not. */
export const blobs = [
  {
    weight: 10,
    make(random, client) {
      const blob = someBlob(random, client);
      const ranged = random.chance(0.3);
      return {
        method: random.pick(['GET', 'GET', 'HEAD']),
        path: `/v2/${blob.repository}/blobs/${blob.digest}`,
        headers: { ...authorize(random, client), ...(ranged && { range: random.pick(ranges) }) },
        check({ method, path }, { status, body }) {
          const isWhole = method === 'GET' && status === 200 && path.endsWith(blob.digest);
          if (isWhole && digestOf(body) !== blob.digest) return 'the blob is not what its digest says';
        },
      };
    },
  },
  {
    weight: 1,
    make(random, client) {
      const blob = someBlob(random, client);
      return {
        method: 'DELETE',
        path: `/v2/${blob.repository}/blobs/${blob.digest}`,
        headers: authorize(random, client),
        learn: ({ status }) => status === 202 && client.blobs.forget(blob),
      };
    },
  },
];
