import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Claims, type Entra, TokenRefused } from '../src/entra/entra.ts';
import { describeFault } from '../src/log-fault.ts';
import { createAccess } from '../src/providers/authorization/access-control.ts';
import { builtInRoles } from '../src/providers/authorization/built-in-roles.ts';
import { createDenyAssignments } from '../src/providers/authorization/deny-assignments.ts';
import { createRoleAssignments } from '../src/providers/authorization/role-assignments.ts';
import { createRoleDefinitions } from '../src/providers/authorization/role-definitions.ts';
import type { ForeignRepository } from '../src/registry/foreign-image.ts';
import { createRegistry } from '../src/registry/registry.ts';
import type { RegistryEvent } from '../src/registry/registry-events.ts';
import type { RegistryFacts } from '../src/registry/registry-facts.ts';
import { openDatabase } from '../src/store/database.ts';
import { startHttpServer } from './http-server.ts';
import { createManualClock } from './manual-clock.ts';
import { registryResource } from './registry-resource.ts';
import { sha256 } from './sha256.ts';
import { putSigningKey } from './signing-key.ts';

/** A registry on a real port, with a directory of its own, for one test. */
export type RegistryServer = Awaited<ReturnType<typeof startRegistryServer>>;

export const tenant = '409520d4-8100-4d1d-ad47-72432ddcc120';
/** `entra`, where the Entra tokens themselves are what is tested. */
export async function startRegistryServer({ entra = trustingEntra }: { entra?: Entra } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'local-azure-registry-'));
  const db = openDatabase(':memory:');
  putSigningKey(db, 'registry');
  const clock = createManualClock();
  const assignments = createRoleAssignments(db, clock);
  const facts = new Map(['hoge', 'other'].map((name) => [`${name}.azurecr.io`, registryFacts(name)]));
  for (const loginServer of facts.keys()) registryResource(db, loginServer).make();
  const faults: string[] = [];
  const events: RegistryEvent[] = [];
  const elsewhere: ForeignRepository = {
    manifest: () => Promise.reject(new Error('nothing is elsewhere')),
    blob: () => Promise.reject(new Error('nothing is elsewhere')),
  };
  const blobsDir = join(directory, 'blobs');
  const open = () =>
    createRegistry({
      db,
      blobsDir,
      clock,
      entra,
      access: createAccess({
        db,
        roles: createRoleDefinitions(db, clock),
        denyAssignments: createDenyAssignments(db, clock),
      }),
      lookup: (loginServer) => facts.get(loginServer),
      openForeign: async () => elsewhere,
      onEvent: (event) => events.push(event),
      logError: (message, error) => faults.push(describeFault(message, error)),
    });
  let registry = await open();
  const { port, close } = await startHttpServer((incoming, outgoing) => {
    const isData = incoming.headers.host?.endsWith('.data.azurecr.io');
    (isData ? registry.dataEndpoint : registry.handler)(incoming, outgoing);
  });

  /** One request with the registry's name as its host; an async iterable is sent chunked. */
  async function send(method: string, path: string, options: SendOptions = {}): Promise<Answer> {
    const { headers = {}, body = '', host = 'hoge.azurecr.io' } = options;
    return new Promise((resolve, reject) => {
      const whole = typeof body === 'string' || Buffer.isBuffer(body);
      const length =
        whole && method !== 'GET' && method !== 'HEAD' ? { 'content-length': Buffer.byteLength(body) } : {};
      const outgoing = request({
        port,
        host: '127.0.0.1',
        method,
        path,
        headers: { host, ...length, ...headers },
      });
      outgoing.on('error', reject).on('response', async (incoming) => {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk);
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        const json =
          incoming.headers['content-type']?.includes('json') && text ? JSON.parse(text) : undefined;
        // An answer may come before all of the body has gone out.
        if (!outgoing.closed) await once(outgoing, 'close');
        resolve({ status: incoming.statusCode!, headers: incoming.headers, bytes, json });
      });
      if (whole) outgoing.end(body);
      else void body(outgoing);
    });
  }

  const form = (path: string, fields: Record<string, string>, host?: string) =>
    send('POST', path, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
      ...(host ? { host } : {}),
    });

  /** Asks for a refresh token, with an Entra token. */
  const exchange = (access_token: string, service = 'hoge.azurecr.io') =>
    form('/oauth2/exchange', { grant_type: 'access_token', service, tenant, access_token }, service);

  /** Asks for an access token, with a refresh token. */
  const redeem = (refresh_token: string, scope: string, service = 'hoge.azurecr.io') =>
    form('/oauth2/token', { grant_type: 'refresh_token', service, scope, refresh_token }, service);

  /** The headers with an access token for `scope`, got by the whole dance as `principal`. */
  async function bearer(principal: string, scope: string): Promise<{ authorization: string }> {
    const { refresh_token } = (await exchange(entraToken(principal))).json;
    const { access_token } = (await redeem(refresh_token, scope)).json;
    return { authorization: `Bearer ${access_token}` };
  }

  const admin = basic('hoge', 'first');
  async function pushBlob(repository: string, content: Buffer | string): Promise<string> {
    const digest = sha256(content);
    const path = `/v2/${repository}/blobs/uploads/?digest=${digest}`;
    const { status } = await send('POST', path, { headers: admin, body: content });
    if (status !== 201) throw new Error(`pushing a blob answered ${status}`);
    return digest;
  }

  /** Pushes a manifest under a tag, or under its digest; its digest. */
  async function pushManifest(
    repository: string,
    tag: string | undefined,
    manifest: string,
    mediaType = ociManifest,
  ): Promise<string> {
    const digest = sha256(manifest);
    const path = `/v2/${repository}/manifests/${tag ?? digest}`;
    const headers = { ...admin, 'content-type': mediaType };
    const { status, bytes } = await send('PUT', path, { headers, body: manifest });
    if (status !== 201) throw new Error(`pushing a manifest answered ${status}: ${bytes}`);
    return digest;
  }

  /** Pushes an image with this config and one layer; its digest. */
  async function pushImage(
    repository: string,
    tag: string | undefined,
    config = '{"architecture":"amd64","os":"linux"}',
    more: Record<string, unknown> = {},
  ): Promise<string> {
    const blobs = [
      await pushBlob(repository, config),
      await pushBlob(repository, `a layer beside ${config}`),
    ];
    return pushManifest(repository, tag, imageManifest(blobs[0]!, [blobs[1]!], more));
  }

  return {
    send,
    form,
    exchange,
    redeem,
    bearer,
    pushBlob,
    pushManifest,
    pushImage,
    facts,
    deleteRegistry: (loginServer: string) => registryResource(db, loginServer).delete(),
    blobsDir,
    /** What was logged. */
    faults,
    /** The one repository of any other registry: to be filled by a test. */
    elsewhere,
    /** What was told of changes. */
    events,
    /** The names of all files on disk. */
    files: () => readdir(blobsDir, { recursive: true }),
    /** The names of unfinished uploads on disk. */
    drafts: () => readdir(join(blobsDir, 'uploads')),
    /** Gives the principal a built-in role at the registry `hoge`; `condition` cuts it down. */
    grant: (principalId: string, roleName: string, condition?: string) => {
      assignments.put({
        name: crypto.randomUUID(),
        scope: registryFacts('hoge').id,
        principalId,
        principalType: 'ServicePrincipal',
        roleName: builtInRoles.find((role) => role.roleName === roleName)!.name,
        createdBy: principalId,
        ...(condition === undefined ? {} : { condition }),
      });
    },
    /** Takes away all that the principal was given. */
    revoke: (principalId: string) => {
      for (const { scope, name } of assignments.ofPrincipal(principalId)) assignments.delete(scope, name);
    },
    advance: clock.advance,
    /** As after a kill: the old one is left where it stands. */
    restart: async () => {
      registry = await open();
    },
    registry: () => registry,
    async stop() {
      await close();
      await registry.close();
      db.close();
      await rm(directory, { recursive: true });
    },
  };
}

interface SendOptions {
  headers?: Record<string, string>;
  body?: string | Buffer | ((outgoing: import('node:http').ClientRequest) => unknown);
  host?: string;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what the tests are about.
  json: any;
}

export const basic = (username: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});

/** What a token says, unverified. */
export const payloadOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

export const ociManifest = 'application/vnd.oci.image.manifest.v1+json';

/** A manifest over blobs that are in the repository. */
export function imageManifest(config: string, layers: string[], more: Record<string, unknown> = {}): string {
  const descriptor = (mediaType: string, digest: string) => ({ mediaType, digest, size: 1 });
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: ociManifest,
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: layers.map((digest) => descriptor('application/vnd.oci.image.layer.v1.tar+gzip', digest)),
    ...more,
  });
}

/** Stands for an Entra token of `principal`, which {@link trustingEntra} knows how to read. */
export const entraToken = (principal: string, audience = 'https://management.azure.com/') =>
  `${principal}|${audience}`;

const trustingEntra = {
  async verifyToken(token: string, audiences: readonly string[]): Promise<Claims> {
    const [oid = '', aud = ''] = token.split('|');
    if (!audiences.includes(aud)) throw new TokenRefused('audience', 'wrong audience');
    return { oid, appid: oid, tid: tenant, aud, iss: 'entra', iat: 0, nbf: 0, exp: 0 };
  },
} as Partial<Entra> as Entra;

function registryFacts(name: string): RegistryFacts {
  return {
    id: `/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/${name}`,
    loginServer: `${name}.azurecr.io`,
    adminUserEnabled: true,
    adminCredentials: { username: name, passwords: ['first', 'second'] },
    anonymousPullEnabled: false,
    dataEndpoint: undefined,
    firewall: { publicNetworkAccess: 'Enabled', networkRuleSet: { defaultAction: 'Allow', ipRules: [] } },
    azureADAuthenticationAsArmPolicy: 'enabled',
    roleAssignmentMode: 'LegacyRegistryPermissions',
    findToken: () => undefined,
  };
}
