import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';
import { armCall } from './resource-manager.ts';

let azure: LocalAzureProcess;
afterEach(() => azure?.stop());

const createRegistry = async () => {
  const group = `/subscriptions/${azure.subscriptionId}/resourceGroups/blog`;
  await armCall(azure, 'PUT', group, '2021-04-01', { location: 'japaneast' });
  const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge`;
  await armCall(azure, 'PUT', registry, '2025-04-01', { location: 'japaneast', sku: { name: 'Premium' } });
};

const module = (name: string) =>
  JSON.stringify(new URL(`../packages/acrpull/dist/${name}.js`, import.meta.url).href);

/** A client that can push: `push(content, finish)` uploads a blob, whole or half, and prints its digest. */
const client = `
  import { createHash } from 'node:crypto';
  const { connectAzure } = await import(${module('azure/azure')});
  const { registryToken } = await import(${module('azure/registry')});
  const azure = await connectAzure();
  const { token, refused } = await registryToken(azure.anonymous, azure.credential, 'hoge.azurecr.io', 'repository:app:pull,push');
  if (refused) throw new Error(refused);
  const headers = { authorization: 'Bearer ' + token };
  const base = 'https://hoge.azurecr.io/v2/app/blobs/';
  const digestOf = (content) => 'sha256:' + createHash('sha256').update(content).digest('hex');
  async function push(content, finish) {
    const start = await azure.anonymous('POST', base + 'uploads/', { headers });
    const location = new URL(start.headers.get('location'), base);
    const patch = await azure.anonymous('PATCH', location.href, { headers: { ...headers, 'content-type': 'application/octet-stream' }, body: content });
    if (patch.status !== 202) throw new Error('push answered ' + patch.status + ': ' + patch.bodyAsText);
    if (!finish) return digestOf(content);
    location.searchParams.set('digest', digestOf(content));
    const end = await azure.anonymous('PUT', location.href, { headers });
    if (end.status !== 201) throw new Error('push answered ' + end.status + ': ' + end.bodyAsText);
    return digestOf(content);
  }
  const head = async (digest) => (await azure.anonymous('HEAD', base + digest, { headers })).status;`;
const script = (source: string, ...args: string[]) => ['--input-type=module', '-e', client + source, ...args];

test('a server that is killed in the middle of a push keeps what it acknowledged, and serves no half of anything', async () => {
  azure = await startLocalAzure();
  await createRegistry();
  const pushing = spawn(
    process.execPath,
    script(`
      console.log(await push(Buffer.alloc(100_000, 'whole'), true));
      console.log(await push(Buffer.alloc(100_000, 'half'), false));
      setInterval(() => {}, 1000);`),
    { env: azure.env, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const digests: string[] = [];
  for await (const line of createInterface({ input: pushing.stdout })) {
    if (digests.push(line) === 2) break;
  }
  await azure.kill();
  pushing.kill('SIGKILL');

  azure = await startLocalAzure({ dataDir: azure.dataDir });
  const { stdout, stderr } = await azure.run(
    process.execPath,
    script('console.log(await Promise.all(process.argv.slice(1).map(head)));', ...digests),
  );
  expect(stdout.trim(), stderr).toBe('[ 200, 404 ]');
});

const noNamespaces = spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'true']).status !== 0;
const why =
  noNamespaces && !process.env.CI ? ' (skipped: no user namespaces here, so no small disk can be made)' : '';

test.skipIf(why)(
  `a full disk refuses the push with a clear answer, and the registry goes on${why}`,
  async () => {
    azure = await startLocalAzure({ args: ['--engine', 'none'] });
    await createRegistry();
    await azure.kill();
    const { dataDir } = azure;
    const smallDisk = 'mount -t tmpfs -o size=256k tmpfs "$1/blobs" && shift && exec "$@"';
    azure = await startLocalAzure({
      dataDir,
      args: ['--engine', 'none'],
      prefix: ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', smallDisk, 'sh', dataDir],
    });
    const { stdout, stderr } = await azure.run(
      process.execPath,
      script(`
      const small = await push(Buffer.alloc(10_000, 'small'), true);
      const large = await push(Buffer.alloc(1_000_000, 'large'), true).catch((error) => error.message);
      console.log(JSON.stringify({ small: await head(small), large }));`),
    );
    expect(stdout, stderr).not.toBe('');
    const { small, large } = JSON.parse(stdout);
    expect(small).toBe(200);
    expect(large).toMatch(/disk|space/i);
    expect(azure.log()).toContain('ENOSPC');
    expect(azure.log()).not.toContain('    at '); // one line, no stack
  },
);
