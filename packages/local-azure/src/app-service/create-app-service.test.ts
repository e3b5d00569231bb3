import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../clock.ts';
import type { Entra } from '../entra/entra.ts';
import { createAppService } from './create-app-service.ts';
import { type ContainerSpec, type Engine, EngineError, type NoEngine } from './engines/engine.ts';
import type { SiteSpec } from './site.ts';
import { addImage, startTestRegistry, type TestRegistry } from './testing/test-registry.ts';

const id = '/subscriptions/s/resourceGroups/blog/providers/Microsoft.Web/sites/hoge-app';
const host = 'hoge-app.azurewebsites.net';
const scmHost = 'hoge-app.scm.azurewebsites.net';

/** Short waits take no time. */
const clock: Clock = {
  now: systemClock.now,
  sleep: (ms, signal) => systemClock.sleep(ms < 1000 ? 5 : ms, signal),
};

let folder: string;
let registry: TestRegistry;
let spec: SiteSpec;
let publishing: { userName: string; password: string; allowed: boolean };
let mayPublish: boolean;
let app: ReturnType<typeof createAppService>;
let servers: Server[];
let engine: TestEngine;

interface TestEngine extends Engine {
  ran: ContainerSpec[];
  stopped: string[];
  /** What answers inside the containers. */
  servers: Server[];
  listener(request: IncomingMessage): string;
  /** Answer with the request's own body, as it comes. */
  echo: boolean;
}

/** Runs "containers" that are HTTP servers in this process. */
function createTestEngine(): TestEngine {
  const ran: ContainerSpec[] = [];
  const stopped: string[] = [];
  return {
    name: 'linux',
    ran,
    stopped,
    servers: [],
    listener: () => 'hello',
    echo: false,
    async run(containerSpec) {
      ran.push(containerSpec);
      if (containerSpec.env.FAIL === 'engine') throw new EngineError('no namespaces here');
      const server = createServer((incoming, response) => {
        if (engine.echo) incoming.pipe(response);
        else response.end(engine.listener(incoming));
      });
      server.on('upgrade', (incoming, socket) => {
        socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`);
        socket.write(`${incoming.headers['x-forwarded-proto']} `);
        socket.pipe(socket);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      servers.push(server);
      engine.servers.push(server);
      containerSpec.onOutput('stdout', 'listening');
      const { port } = server.address() as AddressInfo;
      let exit = (_: { code: number | null; signal: string | null }) => {};
      const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
        exit = resolve;
      });
      if (containerSpec.env.FAIL === 'exit') {
        server.close();
        exit({ code: 1, signal: null });
      }
      return {
        id: containerSpec.name,
        address: { host: '127.0.0.1', port },
        exited,
        async stop() {
          stopped.push(containerSpec.name);
          server.closeAllConnections();
          server.close();
          exit({ code: null, signal: 'SIGTERM' });
        },
      };
    },
    sweep: async () => {},
    close: async () => {},
  };
}

const entra = {
  tenantId: 'tenant',
  async issueToken(principalId: string, audience: string) {
    if (audience !== 'https://management.azure.com/') throw new Error('another audience');
    if (principalId === 'gone') throw new Error('no such principal');
    return { token: `token of ${principalId}`, expiresOn: 0 };
  },
  async verifyToken(token: string) {
    if (token !== 'good') throw new Error('refused');
    return { oid: 'me' };
  },
} as unknown as Entra;

const open = (options: { engine?: Engine | NoEngine; localCopies?: boolean } = {}) =>
  createAppService({
    sites: {
      spec: (siteId) => (siteId === id ? spec : undefined),
      byHost: (name) => ([host, scmHost].includes(name) ? id : undefined),
      all: () => [id],
      hostLabels: () => ['hoge-app'],
      publishing: () => publishing,
    },
    entra,
    access: { allowed: () => mayPublish, allowedData: () => false },
    engine,
    agent: registry.agent,
    clock,
    dataDir: folder,
    logError: (message, error) => {
      throw new Error(message, { cause: error });
    },
    ...options,
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'app-service-'));
  registry = await startTestRegistry();
  registry.accepts = { identityToken: 'token of principal' };
  addImage(registry, '1', ['one'], { ExposedPorts: { '8080/tcp': {} } });
  servers = [];
  engine = createTestEngine();
  publishing = { userName: '$hoge-app', password: 'secret', allowed: true };
  mayPublish = true;
  spec = {
    id,
    name: 'hoge-app',
    hostName: host,
    linuxFxVersion: `DOCKER|${registry.host}/app:1`,
    acrUseManagedIdentityCreds: true,
    identity: { systemAssigned: { principalId: 'principal', clientId: 'client' }, userAssigned: [] },
    appSettings: { GREETING: 'hello', SECRET: 'do-not-log' },
    alwaysOn: false,
    enabled: true,
  };
  app = open();
});
afterEach(async () => {
  await app.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await registry.close();
  await rm(folder, { recursive: true });
});

/** A front door for one handler. */
async function serve(handler: 'site' | 'scm') {
  const server = createServer((incoming, response) => app[handler](incoming, response));
  server.on('upgrade', (...all) => app.siteUpgrade(...(all as Parameters<typeof app.siteUpgrade>)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

async function visit(
  handler: 'site' | 'scm' = 'site',
  path = '/',
  headers: Record<string, string> = {},
): Promise<IncomingMessage> {
  const port = await serve(handler);
  const outgoing = request({
    port,
    path,
    headers: { host: handler === 'site' ? host : scmHost, ...headers },
  });
  outgoing.end();
  const [response] = await once(outgoing, 'response');
  return response;
}

/** The platform's log without times; what differs from run to run made equal. */
const log = () =>
  app
    .containerLog(id)
    .split('\n')
    .map((line) =>
      line
        .slice('2026-11-23T00:00:00.000Z '.length)
        .replaceAll(registry.host, 'HOST')
        .replace(/hoge-app_(\d+)_[0-9a-f]{8}/, 'hoge-app_$1_X'),
    );

const refusal =
  'ERROR - DockerApiException: Docker API responded with status code=InternalServerError, ' +
  String.raw`response={"message":"Head \"https://HOST/v2/app/manifests/1\": unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information."}`;
const verdict =
  'ERROR - Image pull failed: Verify docker image configuration and credentials (if using private repository)';

describe('the first visitor', () => {
  test('wakes the site, waits, and is served by the container', async () => {
    const answer = await visit();
    expect([answer.statusCode, await text(answer)]).toEqual([200, 'hello']);
    expect(app.state(id)).toBe('running');
    expect(engine.ran[0]).toMatchObject({
      port: 8080,
      env: { GREETING: 'hello', PORT: '8080', WEBSITE_HOSTNAME: host },
    });
    expect(
      log().filter((line) => line && !line.includes('docker run') && !/ [0-9a-f]{12} /.test(line)),
    ).toEqual([
      'INFO  - Pulling image: HOST/app:1',
      'INFO  - Pulling image with system-assigned managed identity, principal principal',
      'INFO  - 1 Pulling from app',
      `INFO  -  Digest: ${engine.ran[0]!.image.digest}`,
      'INFO  -  Status: Downloaded newer image for HOST/app:1',
      'INFO  - Pull Image successful, Time taken: 0 Minutes and 0 Seconds',
      'INFO  - Starting container for site',
      'INFO  - Initiating warmup request to container hoge-app_0_X for site hoge-app',
      'INFO  - Container hoge-app_0_X for site hoge-app initialized successfully and is ready to serve requests.',
    ]);
    expect(log().join()).not.toContain('do-not-log');
  });

  test('gets the error page when the registry refuses, and the log says so in the words of the platform', async () => {
    spec.identity = { userAssigned: [] };
    const answer = await visit();
    expect(answer.statusCode).toBe(503);
    expect(await text(answer)).toContain(':( Application Error');
    expect(app.state(id)).toBe('failed');
    expect(log()).toEqual([
      'INFO  - Pulling image: HOST/app:1',
      'INFO  - Pulling image with no credentials: no system-assigned managed identity is attached',
      refusal,
      '',
      'WARN  - Image pull failed. Defaulting to local copy if present.',
      verdict,
      'INFO  - Stopping site hoge-app because it failed during startup.',
    ]);
  });
});

describe('what the log shows when', () => {
  const show = async (change: Partial<SiteSpec>) => {
    Object.assign(spec, change);
    (await visit()).resume();
    return log().join('\n');
  };

  test('the flag is off', async () => {
    expect(await show({ acrUseManagedIdentityCreds: false })).toContain(refusal);
  });
  test('the identity is gone from the tenant', async () => {
    const identity = { systemAssigned: { principalId: 'gone', clientId: 'c' }, userAssigned: [] };
    const shown = await show({ identity });
    expect(shown).toContain('Managed identity token request failed: no such principal');
    expect(shown).toContain(refusal);
  });
  test('the client id belongs to no attached identity', async () => {
    expect(await show({ acrUserManagedIdentityID: 'other' })).toContain(
      'no identity with client id other is attached',
    );
  });
  test('a user-assigned identity pulls', async () => {
    const identity = { userAssigned: [{ principalId: 'principal', clientId: 'ABC' }] };
    expect(await show({ identity, acrUserManagedIdentityID: 'abc' })).toContain('Pull Image successful');
  });
  test('a user and a password pull', async () => {
    registry.accepts = { basic: Buffer.from('me:pw').toString('base64') };
    const settings = {
      DOCKER_REGISTRY_SERVER_URL: `https://${registry.host}`,
      DOCKER_REGISTRY_SERVER_USERNAME: 'me',
      DOCKER_REGISTRY_SERVER_PASSWORD: 'pw',
    };
    expect(await show({ acrUseManagedIdentityCreds: false, appSettings: settings })).toContain(
      'Pull Image successful',
    );
  });
  test('the tag is missing: the platform tries again without credentials', async () => {
    const shown = await show({ linuxFxVersion: `DOCKER|${registry.host}/app:9` });
    expect(shown).toMatch(
      /status code=NotFound.*manifest unknown[\s\S]*status code=InternalServerError.*unauthorized/,
    );
    expect(shown).toContain(verdict);
  });
  test('the reference is malformed', async () => {
    const shown = await show({ linuxFxVersion: 'DOCKER|https://hoge.azurecr.io/app:1' });
    expect(shown).toContain('status code=BadRequest, response={"message":"invalid reference format"}');
    expect(shown).toContain(verdict);
  });
  test('no image is configured', async () => {
    expect(await show({ linuxFxVersion: '' })).toContain('Site not started: linuxFxVersion is empty');
  });
  test('the container ends at once', async () => {
    expect(await show({ appSettings: { FAIL: 'exit' } })).toMatch(/has exited, failing site start/);
  });
  test('the engine cannot start it', async () => {
    expect(await show({ appSettings: { FAIL: 'engine' } })).toContain(
      'ERROR - Image pulled, container not started: no namespaces here',
    );
  });
});

test('without an engine the image is pulled, and nothing pretends to run', async () => {
  await app.close();
  app = open({ engine: { reason: 'user namespaces are off' } });
  expect((await visit()).statusCode).toBe(503);
  expect(log().at(-1)).toBe('ERROR - Image pulled, container not started: user namespaces are off');
  expect(app.state(id)).toBe('failed');
});

describe('a local copy', () => {
  beforeEach(async () => {
    (await visit()).resume();
    registry.accepts = { identityToken: 'nobody' };
  });
  test('serves when the registry refuses, as on the platform', async () => {
    app.restart(id);
    expect((await visit()).statusCode).toBe(200);
    const lines = log();
    expect(lines).toContain(refusal);
    expect(lines).toContain('WARN  - Image pull failed. Defaulting to local copy if present.');
    expect(lines).not.toContain(verdict);
  });
  test('is not used when that is turned off', async () => {
    await app.close();
    app = open({ localCopies: false });
    expect((await visit()).statusCode).toBe(503);
  });
});

describe('control', () => {
  test('restart replaces the container', async () => {
    (await visit()).resume();
    app.restart(id);
    (await visit()).resume();
    expect(engine.ran.length).toBe(2);
    expect(engine.stopped).toEqual([engine.ran[0]!.name]);
  });
  test('stop ends it, and visitors are told', async () => {
    (await visit()).resume();
    spec.enabled = false;
    app.stop(id);
    const answer = await visit();
    expect([answer.statusCode, await text(answer)]).toEqual([
      403,
      expect.stringContaining('This web app is stopped'),
    ]);
    await expect.poll(() => engine.stopped.length).toBe(1);
    expect(app.state(id)).toBe('stopped');
  });
  test('remove ends it and deletes its logs', async () => {
    (await visit()).resume();
    app.remove(id);
    await expect.poll(() => readdir(join(folder, 'LogFiles'))).toEqual([]);
    expect(engine.stopped.length).toBe(1);
  });
  test('a site that is always on starts with the worker', async () => {
    spec.alwaysOn = true;
    app.resume();
    await expect.poll(() => app.state(id)).toBe('running');
  });
});

describe('the proxy', () => {
  test('says who asks, and keeps the host', async () => {
    engine.listener = ({ headers, url }) =>
      JSON.stringify([headers.host, headers['x-forwarded-proto'], url, headers['x-secret']]);
    const answer = await visit('site', '/a?b=c', { connection: 'x-secret', 'x-secret': '1' });
    expect(JSON.parse(await text(answer))).toEqual([host, 'http', '/a?b=c', null]);
  });

  test('carries upgrades both ways', async () => {
    const socket = connect(await serve('site'), '127.0.0.1');
    socket.write(`GET /ws HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    await expect.poll(() => received).toMatch(/101 Switching[\s\S]*http $/);
    socket.write('ping');
    await expect.poll(() => received).toMatch(/ping$/);
    socket.destroy();
  });

  test('a container that no longer answers is a bad gateway, also for a request with a body', async () => {
    (await visit()).resume();
    const [container] = engine.servers;
    container!.closeAllConnections();
    container!.close();
    expect((await visit()).statusCode).toBe(502);
    const outgoing = request({ port: await serve('site'), method: 'POST', headers: { host } });
    outgoing.write('the first part');
    const [response] = await once(outgoing, 'response');
    expect(response.statusCode).toBe(502);
    outgoing.destroy();
  });

  test('streams a body both ways', async () => {
    engine.echo = true;
    const outgoing = request({ port: await serve('site'), method: 'POST', headers: { host } });
    outgoing.write('ping');
    const [response] = await once(outgoing, 'response');
    const [chunk] = await once(response, 'data');
    expect(String(chunk)).toBe('ping');
    outgoing.end(' pong');
    expect(await text(response)).toBe(' pong');
  });

  test('a host without a site', async () => {
    expect((await visit('site', '/', { host: 'nosuch.azurewebsites.net' })).statusCode).toBe(404);
  });
});

describe('the scm host', () => {
  const basic = (user: string) => ({ authorization: `Basic ${Buffer.from(user).toString('base64')}` });
  test.each<[string, Record<string, string>, number]>([
    ['nobody', {}, 401],
    ['the publishing user', basic('$hoge-app:secret'), 200],
    ['the publishing user, qualified', basic('hoge-app\\$hoge-app:secret'), 200],
    ['a wrong password', basic('$hoge-app:x'), 401],
    ['a good token', { authorization: 'Bearer good' }, 200],
    ['a bad token', { authorization: 'Bearer bad' }, 401],
    ['nonsense', { authorization: 'nonsense' }, 401],
  ])('%s', async (_who, headers, status) => {
    expect((await visit('scm', '/', headers)).statusCode).toBe(status);
  });

  test('a token without the right to publish', async () => {
    mayPublish = false;
    expect((await visit('scm', '/', { authorization: 'Bearer good' })).statusCode).toBe(403);
  });
  test('basic authentication that was turned off', async () => {
    publishing.allowed = false;
    expect((await visit('scm', '/', basic('$hoge-app:secret'))).statusCode).toBe(401);
  });

  test('the log stream gives the tail, then what happens, to every reader', async () => {
    (await visit()).resume();
    const headers = basic('$hoge-app:secret');
    const readers = [
      await visit('scm', '/api/logstream', headers),
      await visit('scm', '/logstream', headers),
    ];
    const read = readers.map((reader) => {
      let received = '';
      reader.on('data', (chunk) => {
        received += chunk;
      });
      return () => received;
    });
    for (const received of read) {
      await expect
        .poll(received)
        .toMatch(/Welcome[\s\S]*ready to serve[\s\S]*Starting Live Log Stream ---\n$/);
    }
    app.restart(id);
    for (const received of read) {
      await expect
        .poll(received)
        .toMatch(/Live Log Stream ---\n[\s\S]*Status: Image is up to date[\s\S]*ready to serve/);
    }
    for (const reader of readers) reader.destroy();
  });

  test('a reader that does not read harms nobody', async () => {
    (await visit()).resume();
    const lazy = await visit('scm', '/logstream', basic('$hoge-app:secret'));
    lazy.pause();
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 20_000; i++) engine.ran[0]!.onOutput('stdout', 'x'.repeat(1000));
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    expect((await visit()).statusCode).toBe(200);
    lazy.destroy();
  });

  test('log files can be listed and read, and nothing else', async () => {
    (await visit()).resume();
    const headers = basic('$hoge-app:secret');
    const [file] = JSON.parse(await text(await visit('scm', '/api/logs/docker', headers)));
    expect(file).toMatchObject({ path: expect.stringMatching(/^\/home\/LogFiles\/.*_docker\.log$/) });
    const { pathname } = new URL(file.href);
    expect(await text(await visit('scm', pathname, headers))).toMatch(/Pulling image|listening/);
    const outside = await visit('scm', '/api/vfs/LogFiles/..%2F..%2Fsecret', headers);
    expect(outside.statusCode).toBe(404);
  });
});
