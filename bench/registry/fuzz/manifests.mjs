import { authorize, digestOf, someDigest } from './client.mjs';

export const imageType = 'application/vnd.oci.image.manifest.v1+json';
const dockerType = 'application/vnd.docker.distribution.manifest.v2+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

const someRepository = (random, client) => random.pick(client.repositories);
const inRepository = ({ items }, repository) => items.filter((each) => each.repository === repository);
const descriptor = (mediaType, { digest, size = 1 }) => ({ mediaType, digest, size });

function annotate(random, manifest, client, repository) {
  if (random.chance(0.2)) manifest.annotations = { made: random.text('abc ü"\\', 12) };
  if (random.chance(0.2)) {
    const subjects = inRepository(client.manifests, repository);
    const subject = subjects.length > 0 ? random.pick(subjects) : { digest: someDigest(random) };
    manifest.subject = descriptor(imageType, subject);
    manifest.artifactType = 'application/vnd.fuzz';
  }
  return manifest;
}

function image(random, client, repository) {
  const blobs = inRepository(client.blobs, repository);
  const some = () =>
    blobs.length > 0 && random.chance(0.97) ? random.pick(blobs) : { digest: someDigest(random) };
  const type = random.pick([imageType, imageType, dockerType]);
  const layers = Array.from({ length: random.below(5) }, () =>
    descriptor('application/octet-stream', some()),
  );
  if (random.chance(0.05))
    layers.push({ ...descriptor('a/b', { digest: someDigest(random) }), urls: ['https://a'] });
  const config = descriptor('application/vnd.oci.image.config.v1+json', some());
  return annotate(random, { schemaVersion: 2, mediaType: type, config, layers }, client, repository);
}

function index(random, client, repository) {
  const children = inRepository(client.manifests, repository);
  const manifests = children.slice(0, random.below(4)).map((each) => descriptor(each.type, each));
  return annotate(random, { schemaVersion: 2, mediaType: indexType, manifests }, client, repository);
}

const put = (build) => (random, client) => {
  const repository = someRepository(random, client);
  const manifest = build(random, client, repository);
  const body = Buffer.from(JSON.stringify(manifest));
  const digest = digestOf(body);
  const tag = `t${random.below(20)}`;
  const byTag = random.chance(0.6);
  return {
    method: 'PUT',
    path: `/v2/${repository}/manifests/${byTag ? tag : digest}`,
    query: !byTag && random.chance(0.2) ? [['tag', tag]] : [],
    headers: { ...authorize(random, client), 'content-type': manifest.mediaType },
    body,
    learn({ status, headers }) {
      if (status !== 201) return;
      const stored = {
        repository,
        digest: headers['docker-content-digest'],
        type: manifest.mediaType,
        size: body.length,
      };
      client.manifests.add(stored);
      if (byTag) client.tags.add({ repository, tag });
    },
  };
};

/** A manifest by tag or by digest. */
function reference(random, client) {
  const tag = client.tags.pick(random, () => ({ repository: client.repositories[0], tag: 'none' }));
  const manifest = client.manifests.pick(random, () => ({
    repository: tag.repository,
    digest: someDigest(random),
  }));
  return random.chance(0.5)
    ? { path: `/v2/${tag.repository}/manifests/${tag.tag}`, forget: () => client.tags.forget(tag) }
    : {
        path: `/v2/${manifest.repository}/manifests/${manifest.digest}`,
        forget: () => client.manifests.forget(manifest),
      };
}

/** Images and indexes: pushed, read, tagged, deleted. */
export const manifests = [
  { weight: 8, make: put(image) },
  { weight: 2, make: put(index) },
  {
    weight: 8,
    make(random, client) {
      const { path } = reference(random, client);
      return {
        method: random.pick(['GET', 'GET', 'HEAD']),
        path,
        headers: { ...authorize(random, client), accept: `${imageType}, ${indexType}, ${dockerType}` },
        check({ method }, { status, headers, body }) {
          const isWhole =
            method === 'GET' && status === 200 && headers['docker-content-digest']?.startsWith('sha256');
          if (isWhole && digestOf(body) !== headers['docker-content-digest'])
            return 'the manifest is not what its digest says';
        },
      };
    },
  },
  {
    weight: 1,
    make(random, client) {
      const { path, forget } = reference(random, client);
      return {
        method: 'DELETE',
        path,
        headers: authorize(random, client),
        learn: ({ status }) => status === 202 && forget(),
      };
    },
  },
];
