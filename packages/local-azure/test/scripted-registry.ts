import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openCertificateAuthority } from '../src/front/certificate-authority.ts';
import { sha256 } from './sha256.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A registry that does as a test says, behind real TLS: for the faults that a good registry does not have. */
export interface ScriptedRegistry {
  /** `hoge.azurecr.io:<port>`. */
  host: string;
  agent: Agent;
  /** What was asked, such as `GET /v2/app/manifests/1`. */
  asked: string[];
  blobs: Map<string, Buffer>;
  manifests: Map<string, { mediaType: string; body: Buffer }>;
  /** Answers instead of the registry, once or always, for paths that begin so. */
  answers: Map<string, Answer>;
  /** What `/oauth2/token` must be shown; undefined lets everybody in. */
  accepts: { identityToken?: string; basic?: string } | undefined;
  close(): Promise<void>;
}

export async function startScriptedRegistry(): Promise<ScriptedRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'scripted-registry-'));
  const authority = await openCertificateAuthority({
    certificate: join(folder, 'ca'),
    key: join(folder, 'key'),
  });
  const server = createServer({
    SNICallback: (name, done) => {
      authority.secureContext(name).then((context) => done(null, context), done);
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({
    ca: authority.certificate,
    keepAlive: true,
    // A worker gives the address to come from, and Node then asks for one address only.
    lookup: (host, _options, found) =>
      host.startsWith('nosuch')
        ? found(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }), '')
        : found(null, '127.0.0.1', 4),
  } as ConstructorParameters<typeof Agent>[0]);

  const registry: ScriptedRegistry = {
    host: `hoge.azurecr.io:${port}`,
    agent,
    asked: [],
    blobs: new Map(),
    manifests: new Map(),
    answers: new Map(),
    accepts: undefined,
    async close() {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await rm(folder, { recursive: true });
    },
  };

  server.on('request', (request, response) => {
    const path = request.url!;
    registry.asked.push(`${request.method} ${path.split('?')[0]}`);
    const [, special] = [...registry.answers].find(([prefix]) => path.startsWith(prefix)) ?? [];
    if (special) return special(request, response);
    return answer(registry, request, response);
  });
  return registry;
}

export const refuse = (response: ServerResponse, status: number, code: string, message: string) =>
  response.writeHead(status).end(JSON.stringify({ errors: [{ code, message }] }));

export const authenticationRequired =
  'authentication required, visit https://aka.ms/acr/authorization for more information.';

async function answer(registry: ScriptedRegistry, request: IncomingMessage, response: ServerResponse) {
  const { pathname, searchParams } = new URL(request.url!, 'https://hoge');
  const { accepts } = registry;
  if (pathname.startsWith('/oauth2/')) {
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const isIdentity =
      form.get('access_token') === accepts?.identityToken || form.get('refresh_token') === 'refresh';
    const isUser = accepts?.basic !== undefined && request.headers.authorization === `Basic ${accepts.basic}`;
    const wanted = form.get('scope') ?? searchParams.get('scope');
    const isPull = pathname === '/oauth2/exchange' || wanted === 'repository:app:pull';
    if (!isPull || !(isIdentity || isUser))
      return refuse(response, 401, 'UNAUTHORIZED', authenticationRequired);
    return response.end(JSON.stringify({ access_token: 'access', refresh_token: 'refresh' }));
  }
  if (accepts && request.headers.authorization !== 'Bearer access') {
    response.setHeader(
      'www-authenticate',
      `Bearer realm="https://${registry.host}/oauth2/token",service="hoge.azurecr.io"`,
    );
    return refuse(response, 401, 'UNAUTHORIZED', authenticationRequired);
  }
  if (pathname === '/v2/') return response.end('{}');
  const [, kind, reference = ''] = /^\/v2\/app\/(manifests|blobs)\/(.+)$/.exec(pathname) ?? [];
  const manifest = kind === 'manifests' ? registry.manifests.get(reference) : undefined;
  const blob = kind === 'blobs' ? registry.blobs.get(reference) : undefined;
  if (manifest) {
    response.setHeader('docker-content-digest', sha256(manifest.body));
    return response.setHeader('content-type', manifest.mediaType).end(manifest.body);
  }
  if (blob) return response.end(blob);
  return refuse(response, 404, 'MANIFEST_UNKNOWN', `manifest tagged by "${reference}" is not found`);
}

/** Puts an image into the registry, under a tag and inside an index for every platform; returns its digests. */
export function addImage(registry: ScriptedRegistry, tag: string, layers: string[], config: object = {}) {
  const put = (content: Buffer, mediaType: string) => {
    registry.blobs.set(sha256(content), content);
    return { mediaType, digest: sha256(content), size: content.length };
  };
  const keep = (body: object, mediaType: string, ...names: string[]) => {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...body }));
    for (const name of [sha256(bytes), ...names]) registry.manifests.set(name, { mediaType, body: bytes });
    return { mediaType, digest: sha256(bytes), size: bytes.length };
  };
  const configuration = {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [] },
    config,
  };
  const image = keep(
    {
      config: put(Buffer.from(JSON.stringify(configuration)), 'application/vnd.oci.image.config.v1+json'),
      layers: layers.map((text) => put(gzipSync(text), 'application/vnd.oci.image.layer.v1.tar+gzip')),
    },
    'application/vnd.oci.image.manifest.v1+json',
    tag,
  );
  const platforms = [
    { os: 'windows', architecture: 'amd64' },
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm64' },
  ];
  const manifests = platforms.map((platform) => ({ ...image, platform }));
  keep({ manifests }, 'application/vnd.oci.image.index.v1+json', `${tag}-index`);
  return { digest: image.digest, layers: layers.map((text) => sha256(gzipSync(text))) };
}
