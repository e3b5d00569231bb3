import type { TokenCredential } from '@azure/identity';
import type { ImageReference } from '../pull-path/image-reference.ts';
import type { ManifestFacts } from '../pull-path/snapshot.ts';
import type { Http } from './http.ts';
import { resourceManagerScope } from './resource-manager.ts';
import { Unreachable } from './unreachable.ts';

/** `denied`: the registry knows the reader but does not let it pull, or does not accept its token. */
export type ManifestAnswer =
  | { kind: 'found'; manifest: ManifestFacts }
  | { kind: 'absent' }
  | { kind: 'denied'; message: string };

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * A registry access token for the caller: Entra token, then refresh token, then access token.
 *
 * Source: Azure/acr docs/AAD-OAuth.md.
 */
export async function registryToken(
  http: Http,
  credential: TokenCredential,
  host: string,
  scope: string,
): Promise<{ token: string } | { token: undefined; refused: string }> {
  const post = async (path: string, fields: Record<string, string>) => {
    const response = await http('POST', `https://${host}${path}`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ service: host, ...fields }).toString(),
    });
    const body = parsed(response.bodyAsText);
    requireService(host, response, registryMessage(body));
    return response.status === 200
      ? { body }
      : { refused: registryMessage(body) ?? `HTTP ${response.status}` };
  };
  const entra = await credential.getToken(resourceManagerScope);
  const exchange = await post('/oauth2/exchange', {
    grant_type: 'access_token',
    access_token: entra?.token ?? '',
  });
  if (exchange.refused) return { token: undefined, refused: exchange.refused };
  const refreshToken = String(exchange.body?.refresh_token);
  const access = await post('/oauth2/token', {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    scope,
  });
  if (access.refused) return { token: undefined, refused: access.refused };
  return { token: String(access.body?.access_token) };
}

/** Asks the registry for the manifest as a client would. */
export async function readManifest(
  http: Http,
  credential: TokenCredential,
  { host, repository, tag, digest }: ImageReference,
): Promise<ManifestAnswer> {
  const access = await registryToken(http, credential, host, `repository:${repository}:pull`);
  if (access.token === undefined) return { kind: 'denied', message: access.refused };
  const head = await http('HEAD', `https://${host}/v2/${repository}/manifests/${digest ?? tag}`, {
    headers: { accept: manifestTypes, authorization: `Bearer ${access.token}` },
  });
  requireService(host, head);
  if (head.status === 404) return { kind: 'absent' };
  if (head.status !== 200) return { kind: 'denied', message: `HTTP ${head.status}` };
  return {
    kind: 'found',
    manifest: {
      digest: head.headers.get('docker-content-digest') ?? '',
      mediaType: head.headers.get('content-type') ?? '',
    },
  };
}

/** A registry that is out of order, or asks to come back later, has not said whether the reader may pull. */
function requireService(host: string, { status }: { status: number }, message = `HTTP ${status}`): void {
  if (status === 429 || status >= 500) throw new Unreachable(host, message);
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
