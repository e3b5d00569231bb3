// Resource Manager under 10,000 sites and 30,000 role assignments, over the real wire, beside Azurite's table service.
// Usage: node bench/control-plane/control-plane.mjs [runs] [sites] [assignments]
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAzure } from '../local-azure.mjs';
import { report } from '../report.mjs';
import { startAzurite } from './azurite.mjs';
import { connect, get, rate } from './load.mjs';

const runs = Number(process.argv[2] ?? 5);
const sites = Number(process.argv[3] ?? 10_000);
const assignments = Number(process.argv[4] ?? 30_000);
const connections = 16;
const seconds = 3;
const webVersion = '2023-12-01';
const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
const host = 'management.azure.com';

const folder = await mkdtemp(join(tmpdir(), 'bench-control-plane-'));
const dataDir = join(folder, 'local-azure');
const start = () => startLocalAzure(dataDir, '--engine', 'none', '--propagation', '0');
const open = async (count) => {
  const { port } = JSON.parse(await readFile(join(dataDir, 'instance.json'), 'utf8'));
  const ca = await readFile(join(dataDir, 'ca.pem'));
  return Promise.all(Array.from({ length: count }, () => connect({ host, ca, proxyPort: port })));
};

/** Does all of the work, several at a time. */
async function each(count, work) {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: connections }, worker));
}

async function fill(azure) {
  const location = 'japaneast';
  const group = `${azure.subscription}/resourceGroups/bench`;
  await azure.resource('PUT', group, '2021-04-01', { location });
  const web = `${group}/providers/Microsoft.Web`;
  const serverFarmId = `${web}/serverfarms/plan`;
  await azure.resource('PUT', serverFarmId, webVersion, {
    location,
    sku: { name: 'S1' },
    properties: { reserved: true },
  });
  const site = (n) => `${web}/sites/bench-${String(n).padStart(5, '0')}`;
  await each(sites, (n) =>
    azure.resource('PUT', site(n), webVersion, { location, properties: { serverFarmId } }),
  );
  const roleDefinitionId = `${azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`;
  await each(assignments, (n) => {
    const path = `${site(n % sites)}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    const properties = { roleDefinitionId, principalId: randomUUID(), principalType: 'ServicePrincipal' };
    return azure.resource('PUT', path, '2022-04-01', { properties });
  });
  return { web, site };
}

/** All pages of the list of sites, one after the other; the milliseconds that takes. */
async function listAll(socket, azure, web) {
  const began = performance.now();
  let count = 0;
  for (let next = `https://${host}${web}/sites?api-version=${webVersion}`; next; ) {
    const page = JSON.parse(await get(socket, requestOf(azure, next)));
    count += page.value.length;
    next = page.nextLink;
  }
  if (count !== sites) throw new Error(`${count} sites were listed, of ${sites}.`);
  return performance.now() - began;
}

/** On connections of its own each time: it ends those that are idle for five seconds. */
async function rateOf(azurite) {
  const sockets = await azurite.open(connections);
  try {
    return await rate(sockets, azurite.request(), seconds);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

function requestOf({ token }, url) {
  const { pathname, search } = new URL(url);
  return `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
}

const residentMiB = async (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

const stops = [() => rm(folder, { recursive: true, force: true })];
try {
  let azure = await start();
  stops.unshift(() => azure.stop());
  const { web, site } = await fill(azure);
  report('Resident memory after all were made', 'MiB', [
    { name: 'local-azure', values: [await residentMiB(azure.pid)] },
  ]);
  await azure.stop();
  azure = await start();
  const azurite = await startAzurite(join(folder, 'azurite'));
  if (azurite) stops.unshift(azurite.stop);

  const sockets = await open(connections);
  const url = `https://${host}${site(sites >> 1)}?api-version=${webVersion}`;
  const ours = { name: 'local-azure, GET of a site', values: [] };
  const theirs = { name: 'Azurite, GET of an entity', values: [] };
  const lists = { name: `local-azure, ${sites} sites page by page`, values: [] };
  for (let run = -1; run < runs; run++) {
    const results = [
      [ours, await rate(sockets, requestOf(azure, url), seconds)],
      [lists, await listAll(sockets[0], azure, web)],
      ...(azurite ? [[theirs, await rateOf(azurite)]] : []),
    ];
    if (run >= 0) for (const [row, value] of results) row.values.push(value); // the first warms all up
  }
  report(
    `Reads a second, ${connections} connections over TLS`,
    '/s',
    [ours, theirs].filter(({ values }) => values.length > 0),
  );
  report('Listing', 'ms', [lists]);
  report('Resident memory after all this', 'MiB', [
    { name: 'local-azure', values: [await residentMiB(azure.pid)] },
  ]);
  for (const socket of sockets) socket.destroy();
} finally {
  for (const stop of stops) await stop();
}
