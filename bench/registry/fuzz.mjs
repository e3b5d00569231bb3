// Requests that are mostly valid, and spoilt in many ways, against a local Azure as a process of its own. Fails on a
// 5xx, a refusal in another form than the specified one, wrong content, no answer, an end of the process, a draft that
// is left behind, or a handle that stays open. Usage: node bench/registry/fuzz.mjs [requests] [seed]     Linux only.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAgent } from '../../packages/local-azure/dist/front/agent.js';
import { startLocalAzure } from '../local-azure.mjs';
import { createClient } from './fuzz/client.mjs';
import { collectCredentials } from './fuzz/credentials.mjs';
import { grammar } from './fuzz/grammar.mjs';
import { mutate } from './fuzz/mutate.mjs';
import { createRandom } from './fuzz/random.mjs';
import { send } from './fuzz/wire.mjs';

const requests = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 20261124);
const clients = 16;
const spoiltShare = 0.4;
const host = 'fuzzy.azurecr.io';
const other = 'other.azurecr.io';

const folder = await mkdtemp(join(tmpdir(), 'bench-fuzz-'));
const failures = [];
/** group -> status -> how often */
const outcomes = new Map();

function countOutcome(group, status) {
  const counts = outcomes.get(group) ?? new Map();
  outcomes.set(group, counts.set(status, (counts.get(status) ?? 0) + 1));
}

async function makeRegistries(azure) {
  const group = `${azure.subscription}/resourceGroups/fuzz`;
  const location = 'japaneast';
  await azure.resource('PUT', group, '2021-04-01', { location });
  const body = { location, sku: { name: 'Premium' }, properties: { adminUserEnabled: true } };
  const id = (name) => `${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;
  for (const name of ['fuzzy', 'other']) await azure.resource('PUT', id(name), '2025-04-01', body);
  const { username, passwords } = await azure.resource(
    'POST',
    `${id('fuzzy')}/listCredentials`,
    '2025-04-01',
  );
  return { username, password: passwords[0].value };
}

/** What is wrong with an answer, whatever was asked. */
function faultOf(request, answer) {
  if (answer.status >= 500) return 'a fault of the server';
  const isOfRegistry = 'docker-distribution-api-version' in answer.headers;
  if (isOfRegistry && answer.status >= 400 && request.method !== 'HEAD') {
    const code = /^\{"errors":\[\{"code":"[A-Z_]+","message":"/;
    if (!code.test(answer.body)) return 'a refusal in a form of its own';
  }
  return request.check?.(request, answer);
}

async function ask(client, random, number) {
  const group = random.weighted(grammar);
  const request = { query: [], ...random.weighted(group.productions).make(random, client) };
  const isSpoilt = random.chance(spoiltShare);
  if (isSpoilt) mutate(random, request);
  const fail = (what) => failures.push({ what, client: client.number, number, request });
  try {
    const answer = await send(target, request);
    countOutcome(group.name, answer?.status ?? 'none');
    if (!answer) return isSpoilt || fail('no answer');
    const fault = faultOf(request, answer);
    if (fault) fail(`${fault}: ${answer.status} ${answer.body.subarray(0, 300)}`);
    if (!isSpoilt) request.learn?.(answer);
  } catch (error) {
    fail(error.message);
  }
}

async function run(client) {
  const random = createRandom(seed * clients + client.number);
  for (let number = 0; number < requests / clients && failures.length < 20; number++)
    await ask(client, random, number);
}

/** Waits until what `read` gives is `wanted`: connections end a moment after their client. */
async function settle(what, read, wanted) {
  let found;
  for (let waited = 0; waited < 10_000; waited += 100) {
    found = await read().catch((error) => error.code);
    if (found === wanted) return;
    await sleep(100);
  }
  failures.push({ what: `${what}: ${found} instead of ${wanted}` });
}

function show({ what, client, number, request }) {
  console.error(`\n${what}`);
  if (!request) return;
  const { method, path, query, headers, body = Buffer.alloc(0), wire = 'whole' } = request;
  const { authorization = 'none', ...others } = headers;
  const who = `${authorization.slice(0, 20)}…`;
  console.error(
    `  request ${number} of client ${client}, ${wire}: ${method} ${path} ${JSON.stringify(query)}`,
  );
  console.error(`  authorization ${who}, ${JSON.stringify(others).slice(0, 500)}`);
  console.error(`  ${body.length} bytes: ${body.subarray(0, 300)}`);
}

function report(seconds) {
  const total = [...outcomes.values()].flatMap((counts) => [...counts.values()]).reduce((a, b) => a + b, 0);
  const perSecond = (total / seconds).toFixed(0);
  console.log(`${total} requests in ${seconds.toFixed(1)} s: ${perSecond} a second (seed ${seed})\n`);
  const statuses = [...new Set([...outcomes.values()].flatMap((counts) => [...counts.keys()]))].sort();
  const row = (cells) => console.log(cells.map((cell) => String(cell).padStart(10)).join(''));
  row(['', ...statuses]);
  for (const [group, counts] of outcomes) row([group, ...statuses.map((status) => counts.get(status) ?? '')]);
  for (const failure of failures) show(failure);
  console.log(failures.length === 0 ? '\nNothing failed.' : `\n${failures.length} failures.`);
}

let azure;
let target;
try {
  const dataDir = join(folder, 'data');
  azure = await startLocalAzure(dataDir, '--engine', 'none', '--propagation', '0');
  const admin = await makeRegistries(azure);
  const repositories = [...Array.from({ length: clients }, (_, n) => `fuzz/client-${n}`), 'fuzz/shared'];
  const credentials = await collectCredentials(azure, dataDir, { host, other, repositories, admin });
  const agent = createAgent(() => azure.port, azure.certificate);
  target = { agent, host };
  azure.agent.destroy();
  const count = async (path) => (await readdir(path)).length;
  const handles = `/proc/${azure.pid}/fd`;
  await sleep(500);
  const handlesBefore = await count(handles);

  const all = Array.from({ length: clients }, (_, number) => createClient(number, credentials));
  const began = performance.now();
  await Promise.all(all.map(run));
  const seconds = (performance.now() - began) / 1000;

  const headers = { authorization: credentials.headers.good };
  for (const path of all.flatMap(({ begun }) => begun))
    await send(target, { method: 'DELETE', path, query: [], headers }).catch(() => {});
  agent.destroy();
  await settle('drafts left behind', () => count(join(dataDir, 'blobs/uploads')), 0);
  await settle('open handles', () => count(handles), handlesBefore);
  report(seconds);
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await azure?.stop();
  await rm(folder, { recursive: true, force: true });
}
