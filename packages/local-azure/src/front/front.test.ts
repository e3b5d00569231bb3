import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { Agent, type ClientRequest, request as httpRequest } from 'node:http';
import { type Agent as HttpsAgent, request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../test/http-server.ts';
import { clientOf } from '../client.ts';
import { createAgent } from './agent.ts';
import { type CertificateAuthority, openCertificateAuthority } from './certificate-authority.ts';
import type { ServiceHandler } from './front.ts';
import { type Front, openFront } from './front.ts';
import type { Service } from './hosts.ts';
import { createSourceAddresses } from './source-addresses.ts';

const run = promisify(execFile);
let folder: string;
let authority: CertificateAuthority;
let front: Front;
const sources = createSourceAddresses();

/** Answers with what a handler saw. */
const echo = (service: Service): ServiceHandler => ({
  request: (incoming, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ service, host: incoming.headers.host, url: incoming.url }));
  },
  upgrade: (incoming, socket, head) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n${incoming.url} `,
    );
    socket.write(head);
    socket.pipe(socket);
  },
});

const services = Object.fromEntries(
  (['login', 'management', 'graph', 'registry', 'registry-data', 'site', 'scm'] as const).map((name) => [
    name,
    echo(name),
  ]),
) as Record<Service, ServiceHandler>;

const open = (options: Partial<Parameters<typeof openFront>[0]> = {}) =>
  openFront({
    port: 0,
    authority,
    services,
    sources,
    exists: (host) => !host.name.startsWith('nosuch'),
    allowOtherHosts: false,
    page: (_request, response) => response.end('the page'),
    ...options,
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'front-'));
  authority = await openCertificateAuthority({
    certificate: join(folder, 'ca.pem'),
    key: join(folder, 'ca-key.pem'),
  });
  front = await open();
});
afterAll(async () => {
  await front.close();
  await rm(folder, { recursive: true });
});

/** Status and body of what `sent` is answered with. */
const answerOf = (sent: ClientRequest) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode!, body }), reject);
    });
    sent.end();
  });

const get = async (url: string, through: Front = front) => {
  const agent = createAgent(() => through.port, authority.certificate);
  return answerOf(request(url, { agent })).finally(() => agent.destroy());
};

const plain = (path: string, host: string, through: Front = front) =>
  answerOf(httpRequest({ port: through.port, path, headers: { host } }));

const connectTo = (target: string, through: Front = front) =>
  new Promise<{ status: number; reason: string; socket: Socket }>((resolve, reject) => {
    const sent = httpRequest({ port: through.port, method: 'CONNECT', path: target });
    sent.on('error', reject);
    sent.on('connect', (response, socket) =>
      resolve({ status: response.statusCode!, reason: response.statusMessage!, socket: socket as Socket }),
    );
    sent.end();
  });

describe('over TLS', () => {
  test.each([
    ['https://management.azure.com/subscriptions?api-version=1', 'management'],
    ['https://login.microsoftonline.com/common', 'login'],
    ['https://graph.microsoft.com/v1.0/me', 'graph'],
    ['https://hoge.azurecr.io/v2/', 'registry'],
    ['https://hoge.japaneast.data.azurecr.io/blob', 'registry-data'],
    ['https://hoge-app.azurewebsites.net/', 'site'],
    ['https://hoge-app.scm.azurewebsites.net/api', 'scm'],
  ])('%s reaches %s', async (url, service) => {
    const { host, pathname, search } = new URL(url);
    expect(JSON.parse((await get(url)).body)).toEqual({ service, host, url: pathname + search });
  });

  test('a name that does not resolve fails as such', async () => {
    await expect(get('https://nosuch.azurecr.io/v2/')).rejects.toMatchObject({
      code: 'ENOTFOUND',
      hostname: 'nosuch.azurecr.io',
    });
  });

  test('many requests share connections and none is lost', async () => {
    const agent = createAgent(() => front.port, authority.certificate);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        answerOf(request(`https://management.azure.com/${n}`, { agent })),
      ),
    );
    agent.destroy();
    expect(new Set(answers.map(({ body }) => JSON.parse(body).url)).size).toBe(200);
  });

  test('an upgrade reaches the service', async () => {
    const agent = createAgent(() => front.port, authority.certificate);
    const answer = await new Promise<string>((resolve, reject) => {
      const sent = request('https://hoge-app.azurewebsites.net/ws', {
        agent,
        headers: { Connection: 'Upgrade', Upgrade: 'echo' },
      });
      sent.on('error', reject);
      sent.on('upgrade', (_response, socket, head) => {
        let seen = head.toString();
        socket.on('data', (chunk) => {
          seen += chunk;
          if (!seen.endsWith('ping')) return;
          socket.destroy();
          resolve(seen);
        });
        socket.write('ping');
      });
      sent.end();
    });
    expect(answer).toBe('/ws ping');
  });
});

describe('CONNECT', () => {
  test.each([
    ['nosuch.azurewebsites.net:443', 502, 'getaddrinfo ENOTFOUND nosuch.azurewebsites.net'],
    ['management.azure.com:80', 403, 'Only port 443'],
    ['example.com:443', 403, 'Host not served by local-azure'],
    ['management.azure.com', 400, 'Bad Request'],
    ['evil.azurecr.io.example.com:443', 403, 'Host not served by local-azure'],
  ])('%s is answered %i %s', async (target, status, reason) => {
    const answer = await connectTo(target);
    answer.socket.destroy();
    expect(answer).toMatchObject({ status, reason });
  });

  test('a client that goes before TLS stands leaves no socket behind', async () => {
    const { socket } = await connectTo('management.azure.com:443');
    socket.end();
    await new Promise((resolve) => socket.on('close', resolve).resume());
  });

  test('rubbish in place of TLS ends that connection only', async () => {
    const { socket } = await connectTo('management.azure.com:443');
    socket.on('error', () => {});
    socket.end('GET / HTTP/1.1\r\n\r\n');
    await new Promise((resolve) => socket.on('close', resolve).resume());
    expect((await get('https://management.azure.com/')).status).toBe(200);
  });
});

describe('the address that a request comes from', () => {
  let here: Front;
  beforeAll(async () => {
    const registry: ServiceHandler = {
      request: (incoming, response) => response.end(clientOf(incoming).address),
    };
    here = await open({ services: { ...services, registry } });
  });
  afterAll(() => here.close());

  const ask = (agent: HttpsAgent, localAddress?: string) =>
    answerOf(request('https://hoge.azurecr.io/', { agent, localAddress })).then(({ body }) => body);

  test('is loopback, or the one that a client in this process gives: each has connections of its own', async () => {
    const agent = createAgent(() => here.port, authority.certificate, sources);
    const asked = ['192.0.2.1', undefined, '192.0.2.2', '192.0.2.1', undefined];
    const seen: string[] = [];
    for (const address of asked) seen.push(await ask(agent, address));
    agent.destroy();
    expect(seen).toEqual(['192.0.2.1', '127.0.0.1', '192.0.2.2', '192.0.2.1', '127.0.0.1']);
  });

  test('cannot be given by anybody else', async () => {
    const agent = createAgent(() => here.port, authority.certificate, createSourceAddresses());
    expect(await ask(agent, '192.0.2.1')).toBe('127.0.0.1');
    agent.destroy();
  });
});

describe('without TLS', () => {
  test.each([
    [
      '/a?b=c',
      'hoge-app.localhost:4280',
      200,
      '{"service":"site","host":"hoge-app.azurewebsites.net","url":"/a?b=c"}',
    ],
    [
      '/common/oauth2/deviceauth',
      'Login.localhost:4280',
      200,
      '{"service":"login","host":"login.microsoftonline.com","url":"/common/oauth2/deviceauth"}',
    ],
    [
      'http://hoge-app.azurewebsites.net',
      'hoge-app.azurewebsites.net',
      200,
      '{"service":"site","host":"hoge-app.azurewebsites.net","url":"/"}',
    ],
    ['/', 'localhost', 200, 'the page'],
    ['/', '127.0.0.1:4280', 200, 'the page'],
    ['/', 'nosuch.localhost', 404, ''],
    ['/', 'rebound.example.com', 421, ''],
    ['http://management.azure.com/', 'management.azure.com', 403, ''],
    ['http://example.com/', 'example.com', 403, ''],
  ])('GET %s with Host %s is answered %i', async (path, host, status, body) => {
    const answer = await plain(path, host);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(body);
  });
});

test('other hosts are let through when that is allowed', async () => {
  const other = await startHttpServer((incoming, response) => response.end(`other ${incoming.url}`));
  const { port } = other;
  const permissive = await open({ allowOtherHosts: true });
  try {
    expect((await plain(`http://127.0.0.1:${port}/x`, `127.0.0.1:${port}`, permissive)).body).toBe(
      'other /x',
    );
    const { status, socket } = await connectTo(`127.0.0.1:${port}`, permissive);
    expect(status).toBe(200);
    socket.destroy();
  } finally {
    await permissive.close();
    await other.close();
  }
});

test('a body that a handler left half read does not hold up the next request', async () => {
  const impatient = await open({
    services: {
      ...services,
      site: {
        request: async (incoming, response) => {
          for await (const _ of incoming.iterator({ destroyOnReturn: false })) break;
          response.end(`${incoming.method}`);
        },
      },
    },
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (method: string, body: string) => {
    const sent = httpRequest({
      port: impatient.port,
      agent,
      method,
      headers: { host: 'hoge-app.localhost', 'transfer-encoding': 'chunked' },
    });
    sent.write(body);
    return answerOf(sent);
  };
  try {
    expect((await ask('POST', 'x'.repeat(1_000_000))).body).toBe('POST');
    expect((await ask('PUT', 'x')).body).toBe('PUT');
  } finally {
    agent.destroy();
    await impatient.close();
  }
});

test('closing ends idle and stuck connections', async () => {
  const short = await open({
    services: { ...services, site: { request: (_request, response) => response.write('forever') } },
  });
  await get('https://management.azure.com/', short);
  const idle = connect(short.port, '127.0.0.1');
  const { socket } = await connectTo('management.azure.com:443', short);
  for (const one of [idle, socket]) one.on('error', () => {}).resume();
  const stuck = plain('/', 'hoge-app.localhost', short).catch((error) => error.code);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await short.close(100);
  expect(await stuck).toBe('ECONNRESET');
});

describe('the certificate authority', () => {
  test('keeps its root, with a key that only the owner reads', async () => {
    const files = { certificate: join(folder, 'ca.pem'), key: join(folder, 'ca-key.pem') };
    expect((await openCertificateAuthority(files)).certificate).toBe(authority.certificate);
    expect((await stat(files.key)).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['a key that is damaged', 'ca-key.pem', 'garbage'],
    ['a certificate that is damaged', 'ca.pem', 'garbage'],
    ['a key of another certificate', 'ca-key.pem', undefined],
  ])('%s: both are made anew', async (_what, name, content) => {
    const own = await mkdtemp(join(folder, 'own-'));
    const files = { certificate: join(own, 'ca.pem'), key: join(own, 'ca-key.pem') };
    const before = await openCertificateAuthority(files);
    await writeFile(join(own, name), content ?? (await readFile(join(folder, name))));
    const after = await openCertificateAuthority(files);
    expect(after.certificate).not.toBe(before.certificate);
    expect((await openCertificateAuthority(files)).certificate).toBe(after.certificate);
  });

  test('may sign for its own domains and for no other', async ({ skip }) => {
    const openssl = await run('openssl', ['version']).catch(() => undefined);
    if (!openssl && !process.env.CI) skip('openssl is not installed');
    const verify = async (name: string) => {
      const at = (file: string) => join(folder, `${name}-${file}`);
      await writeFile(at('ext'), `subjectAltName=${name.startsWith('10.') ? 'IP' : 'DNS'}:${name}\n`);
      await run('openssl', [
        ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
        ...['-subj', '/O=test', '-keyout', at('key'), '-out', at('csr')],
      ]);
      await run('openssl', [
        ...[
          'x509',
          '-req',
          '-in',
          at('csr'),
          '-CA',
          join(folder, 'ca.pem'),
          '-CAkey',
          join(folder, 'ca-key.pem'),
        ],
        ...['-set_serial', '1', '-extfile', at('ext'), '-out', at('crt')],
      ]);
      return run('openssl', ['verify', '-x509_strict', '-CAfile', join(folder, 'ca.pem'), at('crt')]).then(
        () => 'valid',
        (error) => error.stderr as string,
      );
    };
    expect(await verify('hoge.azurecr.io')).not.toContain('subtree');
    expect(await verify('example.com')).toContain('permitted subtree violation');
    expect(await verify('notazurecr.io')).toContain('permitted subtree violation');
    expect(await verify('10.0.0.1')).toContain('excluded subtree violation');
  });
});
