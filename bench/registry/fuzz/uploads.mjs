import { authorize, digestOf, someDigest } from './client.mjs';

const sizes = [0, 1, 2, 100, 1000, 4096, 70_000];
const algorithms = ['sha256', 'sha512', 'md5', ''];

const start = (repository) => `/v2/${repository}/blobs/uploads/`;
const someUpload = (random, client) =>
  client.uploads.pick(random, () => ({
    repository: client.repositories[0],
    path: `${start(client.repositories[0])}${random.hex(8)}-0000-4000-8000-${random.hex(12)}`,
    content: [],
  }));
function begin(client, repository, { status, headers }) {
  if (status !== 202) return;
  client.uploads.add({ repository, path: headers.location, content: [] });
  client.begun.push(headers.location);
}
const sizeOf = ({ content }) => content.reduce((sum, piece) => sum + piece.length, 0);

/** Uploads: whole, in pieces, mounted, cancelled, and left open. */
export const uploads = [
  {
    weight: 6,
    make(random, client) {
      const repository = random.pick(client.repositories);
      const body = random.bytes(random.pick(sizes));
      const digest = random.chance(0.9) ? digestOf(body) : someDigest(random);
      return {
        method: 'POST',
        path: start(repository),
        query: [['digest', digest]],
        headers: { ...authorize(random, client), 'content-type': 'application/octet-stream' },
        body,
        learn: ({ status }) => status === 201 && client.blobs.add({ repository, digest }),
      };
    },
  },
  {
    weight: 9,
    make(random, client) {
      const repository = random.pick(client.repositories);
      return {
        method: 'POST',
        path: start(repository),
        query: random.chance(0.1) ? [['digest-algorithm', random.pick(algorithms)]] : [],
        headers: authorize(random, client),
        learn: (answer) => begin(client, repository, answer),
      };
    },
  },
  {
    weight: 3,
    make(random, client) {
      const repository = random.pick(client.repositories);
      const blob = client.blobs.pick(random, () => ({ repository: 'fuzz/none', digest: someDigest(random) }));
      const from = random.chance(0.7) ? [['from', blob.repository]] : [];
      return {
        method: 'POST',
        path: start(repository),
        query: [['mount', blob.digest], ...from],
        headers: authorize(random, client),
        learn(answer) {
          if (answer.status === 201) client.blobs.add({ repository, digest: blob.digest });
          begin(client, repository, answer);
        },
      };
    },
  },
  {
    weight: 6,
    make(random, client) {
      const upload = someUpload(random, client);
      const body = random.bytes(random.pick(sizes));
      const at = sizeOf(upload);
      const isRanged = random.chance(0.5) && body.length > 0;
      return {
        method: 'PATCH',
        path: upload.path,
        headers: {
          ...authorize(random, client),
          'content-type': 'application/octet-stream',
          ...(isRanged && { 'content-range': `${at}-${at + body.length - 1}` }),
        },
        body,
        learn({ status, headers }) {
          if (status === 202) upload.content.push(body);
          // A spoilt request before it has left something else there.
          if (headers.range !== `0-${Math.max(0, sizeOf(upload) - 1)}`) client.uploads.forget(upload);
        },
      };
    },
  },
  {
    weight: 4,
    make(random, client) {
      const upload = someUpload(random, client);
      const last = random.chance(0.3) ? random.bytes(random.pick(sizes)) : Buffer.alloc(0);
      const digest = digestOf(Buffer.concat([...upload.content, last]));
      const { repository } = upload;
      return {
        method: 'PUT',
        path: upload.path,
        query: random.chance(0.95) ? [['digest', digest]] : [],
        headers: { ...authorize(random, client), 'content-type': 'application/octet-stream' },
        body: last,
        learn({ status }) {
          if (status === 201) client.blobs.add({ repository, digest });
          if (status !== 401) client.uploads.forget(upload);
        },
      };
    },
  },
  {
    weight: 2,
    make(random, client) {
      const upload = someUpload(random, client);
      const method = random.pick(['GET', 'GET', 'DELETE']);
      return {
        method,
        path: upload.path,
        headers: authorize(random, client),
        learn: ({ status }) => method === 'DELETE' && status === 204 && client.uploads.forget(upload),
      };
    },
  },
];
