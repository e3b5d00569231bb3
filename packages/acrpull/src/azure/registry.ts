import type { TokenCredential } from '@azure/identity';
import type { ImageReference } from '../pull-path/image-reference.ts';
import type { ManifestFacts } from '../pull-path/snapshot.ts';
import type { Http } from './http.ts';
import { type ManifestAttributes, platformsOf } from './image-platforms.ts';
import { Unreachable } from './unreachable.ts';

/** `denied`: the registry knows the reader but does not let it pull, or does not accept its token. */
export type ManifestAnswer =
  | { kind: 'found'; manifest: ManifestFacts }
  | { kind: 'absent' }
  | { kind: 'denied'; message: string };

/** A token, or the registry's word why there is none. */
export type RegistryToken = { token: string; refused?: never } | { token?: never; refused: string };

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * A registry takes these in any case, and tokens for Resource Manager only while its policy says so (cause B5).
 *
 * Source: learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm
 */
const registryScope = 'https://containerregistry.azure.net/.default';

/**
 * The same credential, which fetches the Entra token for registries at once: every registry takes the same one, so it
 * can be there before it is known which registries there are.
 */
export function registryCredential(credential: TokenCredential): TokenCredential {
  const early = credential.getToken(registryScope);
  // Whoever asks for it gets the error.
  early.catch(() => {});
  return {
    async getToken(scopes, options) {
      const token = await early;
      const isFresh = token !== null && token.expiresOnTimestamp > Date.now() + 5 * 60_000;
      return isFresh ? token : credential.getToken(scopes, options);
    },
  };
}

/** The caller's refresh token at a registry, for its Entra token. Source: Azure/acr docs/AAD-OAuth.md. */
export async function refreshToken(
  http: Http,
  credential: TokenCredential,
  host: string,
): Promise<RegistryToken> {
  const entra = await credential.getToken(registryScope);
  const fields = { grant_type: 'access_token', access_token: entra?.token ?? '' };
  return postForm(http, host, '/oauth2/exchange', fields, 'refresh_token');
}

/** An access token for a scope such as `repository:hello:pull`, for a refresh token. */
async function accessToken(
  http: Http,
  host: string,
  refresh: RegistryToken,
  scope: string,
): Promise<RegistryToken> {
  if (refresh.token === undefined) return refresh;
  const fields = { grant_type: 'refresh_token', refresh_token: refresh.token, scope };
  return postForm(http, host, '/oauth2/token', fields, 'access_token');
}

/** The whole way: Entra token, refresh token, access token. */
export const registryToken = async (
  http: Http,
  credential: TokenCredential,
  host: string,
  scope: string,
): Promise<RegistryToken> => accessToken(http, host, await refreshToken(http, credential, host), scope);

/** Asks the registry for the manifest as a client would, and beside it what the registry knows of the image. */
export async function readManifest(
  http: Http,
  refresh: RegistryToken,
  image: ImageReference,
): Promise<ManifestAnswer> {
  const { host, repository, tag, digest } = image;
  const access = await accessToken(http, host, refresh, `repository:${repository}:pull,metadata_read`);
  if (access.token === undefined) return { kind: 'denied', message: access.refused };
  const authorization = `Bearer ${access.token}`;
  const [manifest, attributes] = await Promise.all([
    http('GET', `https://${host}/v2/${repository}/manifests/${digest ?? tag}`, {
      headers: { accept: manifestTypes, authorization },
    }),
    readAttributes(http, image, authorization),
  ]);
  requireService(host, manifest);
  if (manifest.status === 404) return { kind: 'absent' };
  if (manifest.status !== 200) return { kind: 'denied', message: `HTTP ${manifest.status}` };
  const platforms = platformsOf(parsed(manifest.bodyAsText), attributes);
  return {
    kind: 'found',
    manifest: {
      digest: manifest.headers.get('docker-content-digest') ?? '',
      mediaType: manifest.headers.get('content-type') ?? '',
      ...(platforms && { platforms }),
    },
  };
}

/**
 * What the registry says of an image's manifest; undefined where it says nothing, or not to this reader. By its tag it
 * is looked for among the newest, which is one page: asked by its digest, it would take a round trip more.
 */
async function readAttributes(
  http: Http,
  { host, repository, tag, digest }: ImageReference,
  authorization: string,
): Promise<ManifestAttributes | undefined> {
  const manifests = `https://${host}/acr/v1/${repository}/_manifests`;
  const url = digest ? `${manifests}/${digest}` : `${manifests}?orderby=timedesc`;
  const answer = await http('GET', url, { headers: { authorization } });
  const body = answer.status === 200 ? parsed(answer.bodyAsText) : undefined;
  if (digest) return body?.manifest as ManifestAttributes | undefined;
  const listed = body?.manifests as (ManifestAttributes & { tags?: string[] })[] | undefined;
  return listed?.find(({ tags }) => tags?.includes(tag));
}

async function postForm(
  http: Http,
  host: string,
  path: string,
  fields: Record<string, string>,
  answer: 'refresh_token' | 'access_token',
): Promise<RegistryToken> {
  const response = await http('POST', `https://${host}${path}`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ service: host, ...fields }).toString(),
  });
  const body = parsed(response.bodyAsText);
  requireService(host, response, registryMessage(body));
  return response.status === 200
    ? { token: String(body?.[answer]) }
    : { refused: registryMessage(body) ?? `HTTP ${response.status}` };
}

/**
 * A registry that is out of order, or asks to come back later, has not said whether the reader may pull; nor has its
 * firewall, which refuses addresses before anybody is asked for.
 *
 * Source of the firewall's words: MicrosoftDocs/SupportArticles-docs acr-authentication-errors.md, "Error 5"
 */
function requireService(host: string, { status }: { status: number }, message = `HTTP ${status}`): void {
  const isRefusedByFirewall = status === 403 && /client with IP|aka\.ms\/acr\/firewall/.test(message);
  if (status === 429 || status >= 500 || isRefusedByFirewall) throw new Unreachable(host, message);
}

function parsed(text: string | null | undefined): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** The first message of the registry's error body. */
function registryMessage(body: Record<string, unknown> | undefined): string | undefined {
  const errors = body?.errors as { code?: string; message?: string }[] | undefined;
  return errors?.[0] && `${errors[0].code}: ${errors[0].message}`;
}
