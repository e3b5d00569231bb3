import { createCipheriv, createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { type Agent, request } from 'node:https';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../packages/local-azure/src/faults/random.ts';
import { createAgent } from '../packages/local-azure/src/front/agent.ts';
import { type AdminRegistry, createAdminRegistry } from './admin-registry.ts';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';

// Concurrent pushes and deletes, a kill -9 at a random moment of them, a start on the same folder: five times over, on
// one folder.

const rounds = 5;
const pushers = 8;
const seed = Number(process.env.CRASH_SEED ?? 20261124);

let azure: LocalAzureProcess;
let agent: Agent;
let registry: AdminRegistry;
afterAll(async () => {
  agent?.destroy();
  await azure?.stop();
});

const random = seededRandom(seed);
const upTo = (n: number) => Math.floor(random() * n);

interface Sent {
  repository: string;
  digest: string;
  content: Buffer;
  acknowledged: boolean;
  /** Whether its delete was sent, and acknowledged. */
  deletion?: 'sent' | 'acknowledged';
}
/** When it was sent and when it was acknowledged or lost, as places in one order of events. */
interface SentManifest extends Sent {
  tag: string;
  blobs: string[];
  sentAt: number;
  endedAt: number;
}
const blobs: Sent[] = [];
const manifests: SentManifest[] = [];
let uploads: string[] = [];
let events = 0;

test(`what was acknowledged outlives kill -9, and nothing half-written is served (CRASH_SEED=${seed})`, async () => {
  await start();
  registry = await createAdminRegistry(azure);
  for (let round = 0; round < rounds; round++) {
    uploads = [];
    const killed = new AbortController();
    const pushing = Array.from({ length: pushers }, () => push(killed.signal));
    await sleep(30 + upTo(600));
    await azure.kill();
    killed.abort();
    agent.destroy();
    await Promise.all(pushing);

    await start(azure.dataDir);
    expect(await readdir(join(azure.dataDir, 'blobs', 'uploads')), 'leftover uploads').toEqual([]);
    await checkUploads();
    await checkBlobs();
    await checkManifests();
    await checkTags();
    await checkFiles();
  }
  // The kills came in the middle of the work.
  expect(manifests.filter((each) => each.acknowledged).length).toBeGreaterThan(rounds);
  expect(blobs.filter((each) => !each.acknowledged).length).toBeGreaterThanOrEqual(rounds);
  expect(blobs.filter(isDeleted).length).toBeGreaterThan(0);
}, 60_000);

async function start(dataDir?: string): Promise<void> {
  azure = await startLocalAzure({ ...(dataDir && { dataDir }), args: ['--engine', 'none'] });
  const port = Number(new URL(azure.env.HTTPS_PROXY!).port);
  agent = createAgent(() => port, await readFile(azure.env.SSL_CERT_FILE!, 'utf8'));
}

/**
 * Pushes images until the server dies: blobs in chunks or in one go, then a manifest under a tag that others push too;
 * and deletes some of them, with or without their layers.
 */
async function push(killed: AbortSignal): Promise<void> {
  try {
    for (;;) {
      const repository = `crash/${upTo(3)}`;
      const [config, layer] = [await pushBlob(repository), await pushBlob(repository)];
      const manifest = await pushManifest(repository, config, layer);
      if (upTo(3) > 0) continue;
      await remove(manifest, 'manifests');
      if (upTo(2) === 0) await remove(layer, 'blobs');
    }
  } catch (error) {
    // A connection breaks a moment before the process is known to be dead.
    for (let waited = 0; waited < 20 && !killed.aborted; waited++) await sleep(50);
    if (!killed.aborted) throw error;
  }
}

async function pushBlob(repository: string): Promise<Sent> {
  const content = pseudoRandomBytes(blobs.length, upTo(10) === 0 ? upTo(4 << 20) : upTo(64 << 10));
  const blob: Sent = { repository, digest: digestOf(content), content, acknowledged: false };
  const at = `/v2/${repository}/blobs/uploads/`;
  blobs.push(blob);
  if (upTo(2) === 0) {
    await expectStatus(201, 'POST', `${at}?digest=${blob.digest}`, content);
  } else {
    const { headers } = await expectStatus(202, 'POST', at);
    const location = headers.location!;
    uploads.push(location);
    const middle = upTo(content.length);
    await expectStatus(202, 'PATCH', location, content.subarray(0, middle));
    await expectStatus(202, 'PATCH', location, content.subarray(middle));
    await expectStatus(201, 'PUT', `${location}?digest=${blob.digest}`);
  }
  blob.acknowledged = true;
  return blob;
}

function manifestOf(config: Sent, ...layers: Sent[]): Buffer {
  const descriptor = ({ digest, content }: Sent) => ({
    mediaType: 'application/octet-stream',
    digest,
    size: content.length,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor(config),
    layers: layers.map(descriptor),
  };
  return Buffer.from(JSON.stringify(manifest));
}

async function remove(what: Sent, kind: 'manifests' | 'blobs'): Promise<void> {
  what.deletion = 'sent';
  await expectStatus(202, 'DELETE', `/v2/${what.repository}/${kind}/${what.digest}`);
  what.deletion = 'acknowledged';
}

const isDeleted = ({ deletion }: Sent) => deletion === 'acknowledged';
/** May it be there, or not? What was being pushed or deleted at a kill may. */
const isOpen = ({ acknowledged, deletion }: Sent) => !acknowledged || deletion === 'sent';

async function pushManifest(repository: string, config: Sent, layer: Sent): Promise<SentManifest> {
  const content = manifestOf(config, layer);
  const manifest: SentManifest = {
    repository,
    digest: digestOf(content),
    content,
    tag: upTo(2) === 0 ? 'latest' : `t${upTo(20)}`,
    blobs: [config.digest, layer.digest],
    acknowledged: false,
    sentAt: events++,
    endedAt: Number.POSITIVE_INFINITY,
  };
  manifests.push(manifest);
  try {
    await expectStatus(201, 'PUT', tagPath(manifest), content);
    manifest.acknowledged = true;
    return manifest;
  } finally {
    manifest.endedAt = events++;
  }
}

async function checkUploads(): Promise<void> {
  for (const location of uploads) await expectStatus(404, 'GET', location);
}

/** An acknowledged blob is there, a deleted one is not; another is whole, or not there for anybody. */
async function checkBlobs(): Promise<void> {
  for (const blob of blobs) {
    const { repository, digest, content } = blob;
    const { status, body } = await send('GET', `/v2/${repository}/blobs/${digest}`);
    if (isDeleted(blob) || (isOpen(blob) && status === 404)) {
      expect(status, `deleted blob ${digest}`).toBe(404);
      await expectStatus(400, 'PUT', `/v2/${repository}/manifests/of-a-lost-blob`, manifestOf(blob));
      continue;
    }
    expect(status, `blob ${digest}`).toBe(200);
    expect(body.equals(content), `bytes of blob ${digest}`).toBe(true);
  }
}

async function checkManifests(): Promise<void> {
  for (const manifest of manifests) {
    const { repository, digest, content } = manifest;
    const { status, headers, body } = await send('GET', `/v2/${repository}/manifests/${digest}`);
    if (isDeleted(manifest)) expect(status, `deleted manifest ${digest}`).toBe(404);
    if (status === 404 && (isDeleted(manifest) || isOpen(manifest))) continue;
    expect(status, `manifest ${digest}`).toBe(200);
    expect(headers['content-type']).toBe(manifestType);
    expect(body.equals(content), `bytes of manifest ${digest}`).toBe(true);
    for (const blob of manifest.blobs) await expectStatus(200, 'HEAD', `/v2/${repository}/blobs/${blob}`);
  }
}

/** A tag points to a manifest that was sent to it, and that no later acknowledged one has replaced; or went with it. */
async function checkTags(): Promise<void> {
  for (const path of new Set(manifests.map(tagPath))) {
    const sent = manifests.filter((each) => tagPath(each) === path);
    const acknowledged = sent.filter((each) => each.acknowledged);
    const lastSent = Math.max(...acknowledged.map((each) => each.sentAt));
    const { status, headers } = await send('HEAD', path);
    const possible = sent.filter((each) => each.endedAt > lastSent);
    if (status === 404 && (acknowledged.length === 0 || possible.some((each) => each.deletion))) continue;
    expect(status, path).toBe(200);
    const there = possible.filter((each) => !isDeleted(each)).map((each) => each.digest);
    expect(there, path).toContain(headers['docker-content-digest']);
  }
}

/** What has a final name on the disk is what its name says, and belongs to somebody, soon after the start. */
async function checkFiles(): Promise<void> {
  const folder = join(azure.dataDir, 'blobs');
  const files = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const deleted = new Set(blobs.filter(isDeleted).map(({ digest }) => digest));
  const areDeleted = async () => (await files()).filter(({ name }) => deleted.has(`sha256:${name}`));
  await expect.poll(areDeleted, { timeout: 10_000 }).toEqual([]);
  const sent = new Set(blobs.map(({ digest }) => digest));
  for (const { parentPath, name } of await files()) {
    const digest = digestOf(await readFile(join(parentPath, name)));
    expect(digest).toBe(`sha256:${name}`);
    expect(sent).toContain(digest);
  }
}

const tagPath = ({ repository, tag }: SentManifest) => `/v2/${repository}/manifests/${tag}`;
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

async function send(method: string, path: string, body?: Buffer) {
  const { host, username, password } = registry;
  const type = path.includes('/manifests/') ? manifestType : 'application/octet-stream';
  const headers = {
    ...(body && { 'content-type': type }),
    'content-length': body?.length ?? 0,
  };
  const sent = request({ agent, host, path, method, auth: `${username}:${password}`, headers });
  sent.end(body);
  const [response] = await once(sent, 'response');
  return {
    status: response.statusCode as number,
    headers: response.headers as Record<string, string | undefined>,
    body: await buffer(response),
  };
}

async function expectStatus(expected: number, method: string, path: string, body?: Buffer) {
  const answer = await send(method, path, body);
  expect(answer.status, `${method} ${path}: ${answer.body}`).toBe(expected);
  return answer;
}

const digestOf = (content: Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`;

function pseudoRandomBytes(key: number, length: number): Buffer {
  const iv = Buffer.alloc(16);
  iv.writeUInt32LE(key);
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), iv).update(Buffer.alloc(length));
}
