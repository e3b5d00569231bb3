// How much memory the local Azure takes while clients push large blobs at once, over TLS through the front door.
// Usage: node bench/registry/memory.mjs [clients] [MiB]      Linux only: reads /proc.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startOurs } from './peers.mjs';

const clients = Number(process.argv[2] ?? 10);
const blobMiB = Number(process.argv[3] ?? 1024);
const goalMiB = 200;

const folder = await mkdtemp(join(tmpdir(), 'bench-memory-'));
const chunk = randomBytes(1 << 20);

function send(method, path, headers = {}) {
  const authorization = `Bearer ${registry.curl['oauth2-bearer']}`;
  return request({
    agent: registry.agent,
    host: registry.host,
    method,
    path,
    headers: { authorization, ...headers },
  });
}

async function answer(outgoing, expected) {
  const [response] = await once(outgoing, 'response');
  const body = await text(response);
  if (response.statusCode !== expected)
    throw new Error(`${response.statusCode} instead of ${expected}: ${body}`);
  return response.headers;
}

/** Pushes a blob that nobody else pushes, as clients do: POST, one PATCH with all of it, PUT. */
async function push(client) {
  const { location } = await answer(send('POST', '/v2/bench/blobs/uploads/').end(), 202);
  const patch = send('PATCH', location, { 'content-length': blobMiB * chunk.length });
  const patched = answer(patch, 202);
  const hash = createHash('sha256');
  for (let n = 0; n < blobMiB; n++) {
    const content = Buffer.from(chunk);
    content.writeUInt32LE(client, 0);
    content.writeUInt32LE(n, 4);
    hash.update(content);
    if (!patch.write(content)) await once(patch, 'drain');
  }
  patch.end();
  await patched;
  await answer(send('PUT', `${location}?digest=sha256:${hash.digest('hex')}`).end(), 201);
}

/** MiB of a line of /proc/…/status: `VmRSS`, or its peak `VmHWM`. */
function memory(line) {
  const status = readFileSync(`/proc/${registry.pid}/status`, 'utf8');
  return Number(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(status)[1]) / 1024;
}

let registry;
try {
  registry = await startOurs(folder);
  const idle = memory('VmRSS');
  writeFileSync(`/proc/${registry.pid}/clear_refs`, '5'); // the peak counts from here
  const began = performance.now();
  await Promise.all(Array.from({ length: clients }, (_, client) => push(client)));
  const seconds = (performance.now() - began) / 1000;
  const peak = memory('VmHWM');
  console.log(`${clients} clients push ${blobMiB} MiB each (Node ${process.version})

idle      ${idle.toFixed(0).padStart(5)} MiB resident
peak      ${peak.toFixed(0).padStart(5)} MiB, ${(peak - idle).toFixed(0)} MiB above idle (goal: under ${goalMiB})
in        ${seconds.toFixed(1).padStart(5)} s, ${((clients * blobMiB) / seconds).toFixed(0)} MiB/s`);
} finally {
  await registry?.stop();
  await rm(folder, { recursive: true, force: true });
}
