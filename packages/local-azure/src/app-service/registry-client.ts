import type { Agent, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { readBody } from '../read-body.ts';
import type { ImageReference } from './image-reference.ts';
import { acceptedTypes } from './manifest.ts';
import { connectionError, PullError, type PullFault } from './pull-error.ts';

/** With what the worker presents itself to a registry. */
export type PullCredentials =
  | { kind: 'anonymous' }
  | { kind: 'password'; username: string; password: string }
  | { kind: 'identity'; tenantId: string; accessToken: string };

/** Reads one repository of a registry. Failures are {@link PullError}s, worded as Docker's daemon words them. */
export interface RegistrySession {
  /** The manifest behind a tag or a digest. */
  manifest(reference: string): Promise<Manifest>;
  /** The bytes of a blob, unverified. */
  blob(digest: string): Promise<IncomingMessage>;
}

export interface Manifest {
  mediaType: string;
  digest: string;
  body: Buffer;
}

export interface SessionOptions {
  /** How the registry is reached; `false` for directly. */
  agent: Agent | false;
  image: ImageReference;
  credentials: PullCredentials;
  /** The address to come from; this machine's own when absent. */
  localAddress?: string;
  signal: AbortSignal;
}

const idleTimeoutMs = 60_000;
const maxRedirects = 5;
/** Source: opencontainers/distribution-spec spec.md, "Pushing Manifests" */
const maxManifestBytes = 4 * 1024 * 1024;
const maxTokenBytes = 64 * 1024;

/** An identity's token is shown to Azure's registries only, whatever host an image names. */
export const isAzureRegistry = (host: string) => /^[a-z0-9-]+\.azurecr\.io(:\d+)?$/.test(host);

/** Finds out how the registry wants to be asked, and signs in. */
export async function openSession(options: SessionOptions): Promise<RegistrySession> {
  const { image } = options;
  const origin = `https://${image.host === 'docker.io' ? 'registry-1.docker.io' : image.host}`;
  const repositoryUrl = `${origin}/v2/${image.repository}`;
  const firstUrl = `${repositoryUrl}/manifests/${image.digest ?? image.tag}`;

  const ping = await send(options, 'GET', `${origin}/v2/`);
  ping.resume();
  if (ping.statusCode! >= 500) throw unexpectedStatus(ping);
  const challenge = parseChallenge(ping.headers['www-authenticate']);
  const authorization = challenge && (await authorize(options, origin, challenge, firstUrl));
  const headers = authorization === undefined ? {} : { authorization };

  return {
    async manifest(reference) {
      const url = `${repositoryUrl}/manifests/${reference}`;
      const accept = { ...headers, accept: acceptedTypes };
      const response = await send(options, 'GET', url, accept);
      if (response.statusCode !== 200) throw await refusal(response, manifestRefused(image, url));
      const body = await readAll(response, maxManifestBytes, url);
      return {
        mediaType: response.headers['content-type']?.split(';')[0] ?? '',
        digest: String(response.headers['docker-content-digest'] ?? ''),
        body,
      };
    },

    async blob(digest) {
      let url = `${repositoryUrl}/blobs/${digest}`;
      for (let hop = 0; hop <= maxRedirects; hop++) {
        // The token stays with the registry: what it redirects to carries its own permission.
        const response = await send(options, 'GET', url, url.startsWith(`${origin}/`) ? headers : {});
        if (response.statusCode === 200) return response;
        if (response.statusCode! >= 500) throw unexpectedStatus(response, `Get "${url}": `);
        const next = response.headers.location;
        if (![301, 302, 303, 307, 308].includes(response.statusCode!) || !next) throw await refusal(response);
        response.resume();
        url = new URL(next, url).href;
      }
      throw new PullError('registry-fault', `Get "${url}": stopped after ${maxRedirects} redirects`);
    },
  };
}

interface Challenge {
  scheme: 'bearer' | 'basic';
  realm: string;
  service: string;
}

/** Source: distribution/distribution docs/content/spec/auth/token.md, "How to authenticate" */
function parseChallenge(header: string | undefined): Challenge | undefined {
  const match = /^(bearer|basic)\s+(.*)$/is.exec(header ?? '');
  if (!match) return undefined;
  const parameters = Object.fromEntries(
    [...match[2]!.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name!.toLowerCase(), value!]),
  );
  const scheme = match[1]!.toLowerCase() as Challenge['scheme'];
  return { scheme, realm: parameters.realm ?? '', service: parameters.service ?? '' };
}

/** The Authorization header to send; undefined when there is none to send. */
async function authorize(
  options: SessionOptions,
  origin: string,
  { scheme, realm, service }: Challenge,
  firstUrl: string,
): Promise<string | undefined> {
  const { credentials, image } = options;
  const basic =
    credentials.kind === 'password'
      ? `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
      : undefined;
  if (scheme === 'basic') return basic;

  const scope = `repository:${image.repository}:pull`;
  // The daemon asks for its token on behalf of the first request, and its error carries that request's name.
  const ask = async (method: 'GET' | 'POST', url: string, form?: Record<string, string>) => {
    const body = form && new URLSearchParams(form).toString();
    const headers = {
      ...(basic === undefined ? {} : { authorization: basic }),
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const response = await send(options, method, url, headers, body);
    if (response.statusCode !== 200) throw await refusal(response, (text) => `Head "${firstUrl}": ${text}`);
    return parseToken(await readAll(response, maxTokenBytes, url), firstUrl);
  };

  if (credentials.kind === 'identity') {
    // Source: Azure/acr docs/AAD-OAuth.md
    const { tenantId: tenant, accessToken: access_token } = credentials;
    const exchange = { grant_type: 'access_token', service, tenant, access_token };
    const { refresh_token = '' } = await ask('POST', `${origin}/oauth2/exchange`, exchange);
    const form = { grant_type: 'refresh_token', service, scope, refresh_token };
    return `Bearer ${(await ask('POST', `${origin}/oauth2/token`, form)).access_token}`;
  }
  if (!URL.canParse(realm))
    throw new PullError('registry-fault', `Head "${firstUrl}": invalid realm in challenge`);
  const url = new URL(realm);
  if (service) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope);
  const token = await ask('GET', url.href);
  return `Bearer ${token.access_token ?? token.token}`;
}

interface TokenAnswer {
  access_token?: string;
  refresh_token?: string;
  token?: string;
}

function parseToken(body: Buffer, firstUrl: string): TokenAnswer {
  try {
    return Object(JSON.parse(body.toString('utf8')));
  } catch {
    throw new PullError('registry-fault', `Head "${firstUrl}": unable to decode token response`);
  }
}

function send(
  from: Pick<SessionOptions, 'agent' | 'localAddress' | 'signal'>,
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { agent, localAddress, signal } = from;
    const outgoing = request(url, { agent, localAddress, method, headers, signal });
    outgoing.setTimeout(idleTimeoutMs, () => {
      outgoing.destroy(Object.assign(new Error('i/o timeout'), { code: 'ETIMEDOUT' }));
    });
    const verb = method.charAt(0) + method.slice(1).toLowerCase();
    outgoing.once('error', (error: Error & { code?: string }) => {
      if (signal.aborted) return reject(signal.reason);
      // The registry had closed a connection that was kept for reuse: that says nothing, a new one will.
      if (outgoing.reusedSocket && error.code === 'ECONNRESET') {
        return resolve(send(from, method, url, headers, body));
      }
      reject(connectionError(verb, url, error));
    });
    outgoing.once('response', resolve);
    outgoing.end(body);
  });
}

async function readAll(response: IncomingMessage, limit: number, url: string): Promise<Buffer> {
  const body = await readBody(response, limit).catch((error: Error) => {
    throw connectionError('Get', url, error);
  });
  if (body) return body;
  response.destroy();
  throw new PullError('registry-fault', `Get "${url}": response is larger than ${limit} bytes`);
}

const unexpectedStatus = ({ statusCode, statusMessage }: IncomingMessage, where = '') =>
  new PullError('registry-fault', `${where}received unexpected HTTP status: ${statusCode} ${statusMessage}`);

/** The registry's own words in the daemon's form, such as `manifest unknown: manifest tagged by "1" is not found`. */
async function refusal(
  response: IncomingMessage,
  phrase: (text: string, fault: PullFault) => string = (text) => text,
): Promise<PullError> {
  const status = response.statusCode!;
  const body = await readAll(response, maxTokenBytes, '').catch(() => Buffer.alloc(0));
  const first = parseErrors(body)[0];
  if (status >= 500 || (!first && status !== 401)) return unexpectedStatus(response);
  const code = first?.code ?? 'UNAUTHORIZED';
  const fault = faultOf(status, code);
  const text = `${code.toLowerCase().replaceAll('_', ' ')}: ${first?.message ?? 'authentication required'}`;
  return new PullError(fault, phrase(text, fault));
}

const manifestRefused = (image: ImageReference, url: string) => (text: string, fault: PullFault) =>
  fault === 'not-found' ? `manifest for ${image.text} not found: ${text}` : `Head "${url}": ${text}`;

function faultOf(status: number, code: string): PullFault {
  if (status === 401) return 'unauthorized';
  if (status === 403) return code === 'UNAUTHORIZED' ? 'unauthorized' : 'denied';
  return status === 404 ? 'not-found' : 'registry-fault';
}

function parseErrors(body: Buffer): { code: string; message: string }[] {
  try {
    const { errors } = JSON.parse(body.toString('utf8'));
    return Array.isArray(errors)
      ? errors.filter((e) => typeof e?.code === 'string' && typeof e.message === 'string')
      : [];
  } catch {
    return [];
  }
}
