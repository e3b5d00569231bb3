// The registry beside Debian's docker-registry (CNCF distribution), both over TLS on loopback, in turns.
// Usage: node bench/registry/registry.mjs [runs] [MiB]
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed, median, report } from '../report.mjs';
import { get, pushBlob, put, run } from './curl.mjs';
import { startOurs, startTheirs } from './peers.mjs';

const runs = Number(process.argv[2] ?? 7);
const largeMiB = Number(process.argv[3] ?? 256);
const small = { count: 200, bytes: 16 << 10 };
const manifests = { count: 4000, connections: 16 };
const layers = { count: 10, bytes: 8 << 20 };
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

const needed = ['curl', 'openssl', 'skopeo', 'docker-registry'].filter((program) => !installed(program));
if (needed.length > 0) {
  console.error(`This bench needs ${needed.join(', ')} (Debian: apt-get install ${needed.join(' ')}).`);
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), 'bench-registry-'));
const peers = [];
const repositoryUrl = (peer) => `https://${peer.host}/v2/bench`;
const blobUrl = (peer, { digest }) => `${repositoryUrl(peer)}/blobs/${digest}`;
const manifestUrl = (peer) => `${repositoryUrl(peer)}/manifests/1`;

async function file(name, content) {
  const path = join(folder, name);
  await writeFile(path, content);
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  return { path, digest, size: content.length };
}
const files = (name, { count, bytes }) =>
  Promise.all(Array.from({ length: count }, (_, n) => file(`${name}-${n}`, randomBytes(bytes))));

/** Another blob than before, so that none is there already. */
async function another(content) {
  randomBytes(16).copy(content);
  return file('pushed', content);
}

const descriptor = (mediaType, { digest, size }) => ({ mediaType, digest, size });

/** Pushes what is going to be pulled, the image among it. */
async function fill(peer, { large, smallBlobs, imageLayers, config, manifest }) {
  for (const blob of [large, ...smallBlobs, ...imageLayers, config]) {
    await pushBlob(peer, repositoryUrl(peer), blob.path, blob.digest);
  }
  await put(peer, manifestUrl(peer), manifest.path, manifestType);
}

async function pullImage(peer) {
  const target = await mkdtemp(join(folder, 'pulled-'));
  const image = `docker://${peer.host}/bench:1`;
  const { ms } = await run('skopeo', ['copy', '--quiet', ...peer.skopeo, image, `dir:${target}`], peer);
  await rm(target, { recursive: true });
  return ms;
}

try {
  peers.push(await startOurs(folder), await startTheirs(folder));
  const content = randomBytes(largeMiB << 20);
  const [large, smallBlobs, imageLayers] = [
    await file('large', content),
    await files('small', small),
    await files('layer', layers),
  ];
  const config = await file(
    'config',
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: imageLayers.map(({ digest }) => digest) },
    }),
  );
  const manifest = await file(
    'manifest',
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: descriptor('application/vnd.oci.image.config.v1+json', config),
      layers: imageLayers.map((layer) => descriptor('application/vnd.oci.image.layer.v1.tar', layer)),
    }),
  );
  for (const peer of peers) await fill(peer, { large, smallBlobs, imageLayers, config, manifest });

  const manifestUrls = (peer) => Array(manifests.count).fill(manifestUrl(peer));
  const smallUrls = (peer) => smallBlobs.map((blob) => blobUrl(peer, blob));
  const rows = [
    { title: `Pull of a ${largeMiB} MiB blob`, take: (peer) => get(peer, [blobUrl(peer, large)]) },
    {
      title: `Pull of ${small.count} blobs of 16 KiB, one connection`,
      take: (peer) => get(peer, smallUrls(peer)),
    },
    {
      title: `${manifests.count} manifest GETs, ${manifests.connections} connections`,
      take: (peer) =>
        get(peer, manifestUrls(peer), { connections: manifests.connections, accept: manifestType }),
      also: (ms) => `${Math.round((manifests.count / ms) * 1000)} a second`,
    },
    {
      title: `Push of a ${largeMiB} MiB blob`,
      prepare: () => another(content),
      take: (peer, { path, digest }) => pushBlob(peer, repositoryUrl(peer), path, digest),
    },
    { title: `Cold pull of an image of ${layers.count} layers of 8 MiB, skopeo`, take: pullImage },
  ];
  for (const { title, prepare, take, also } of rows) {
    const results = peers.map(({ name }) => ({ name, values: [] }));
    for (let turn = -1; turn < runs; turn++) {
      for (const [index, peer] of peers.entries()) {
        const prepared = await prepare?.();
        // What is still on its way to the disk would be paid for by this turn.
        await run('sync', []);
        const ms = await take(peer, prepared);
        if (turn >= 0) results[index].values.push(ms); // the first warms both up
      }
    }
    report(title, 'ms', results);
    if (also) for (const { name, values } of results) console.log(`${name}: ${also(median(values))}\n`);
  }
} finally {
  for (const peer of peers) await peer.stop();
  await rm(folder, { recursive: true, force: true });
}
