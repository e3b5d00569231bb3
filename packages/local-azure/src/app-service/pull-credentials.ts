import type { Entra } from '../entra/entra.ts';
import type { ImageReference } from './image-reference.ts';
import { isAzureRegistry, type PullCredentials } from './registry-client.ts';
import type { AttachedIdentity, SiteSpec } from './site.ts';

/** Who the worker will be at the registry. */
export type PullUser =
  | { kind: 'anonymous'; why: string }
  | { kind: 'password'; username: string; password: string }
  | { kind: 'identity'; name: string; identity: AttachedIdentity };

/**
 * Decides who pulls: the flag chooses the managed identity, and the client id which one; without the flag it is the
 * user of the app settings. Source: Azure/app-service-linux-docs "Configure ACR with Managed Identities".
 */
export function choosePullUser(spec: SiteSpec, image: ImageReference): PullUser {
  if (spec.acrUseManagedIdentityCreds) return chooseIdentity(spec, image);
  const { DOCKER_REGISTRY_SERVER_USERNAME: username, DOCKER_REGISTRY_SERVER_PASSWORD: password } =
    spec.appSettings;
  if (!username || !password) return { kind: 'anonymous', why: 'acrUseManagedIdentityCreds is not set' };
  const server = hostOf(spec.appSettings.DOCKER_REGISTRY_SERVER_URL ?? '');
  if (server !== image.host) {
    return { kind: 'anonymous', why: `DOCKER_REGISTRY_SERVER_URL is not for ${image.host}` };
  }
  return { kind: 'password', username, password };
}

function chooseIdentity(
  { identity, acrUserManagedIdentityID: clientId }: SiteSpec,
  image: ImageReference,
): PullUser {
  if (!isAzureRegistry(image.host)) {
    return { kind: 'anonymous', why: `${image.host} is not an Azure Container Registry` };
  }
  if (clientId) {
    const attached = identity.userAssigned.find(
      (one) => one.clientId.toLowerCase() === clientId.toLowerCase(),
    );
    return attached
      ? { kind: 'identity', name: 'user-assigned managed identity', identity: attached }
      : { kind: 'anonymous', why: `no identity with client id ${clientId} is attached` };
  }
  return identity.systemAssigned
    ? { kind: 'identity', name: 'system-assigned managed identity', identity: identity.systemAssigned }
    : { kind: 'anonymous', why: 'no system-assigned managed identity is attached' };
}

/** For the log; without secrets. */
export function describePullUser(user: PullUser): string {
  if (user.kind === 'identity') return `${user.name}, principal ${user.identity.principalId}`;
  if (user.kind === 'password') return 'the user name and password of the app settings';
  return `no credentials: ${user.why}`;
}

/** Azure's registries take the token that an identity has for Resource Manager: MicrosoftDocs/azure-docs pull 128528. */
const tokenAudience = 'https://management.azure.com/';

/** Fetches the identity's token, anew for each pull. Rejects when the identity is gone. */
export async function toCredentials(user: PullUser, entra: Entra): Promise<PullCredentials> {
  if (user.kind !== 'identity') return user;
  const { token } = await entra.issueToken(user.identity.principalId, tokenAudience);
  return { kind: 'identity', tenantId: entra.tenantId, accessToken: token };
}

/** The settings' URL is written as `https://hoge.azurecr.io`, with a path, or without a scheme. */
function hostOf(url: string): string {
  const host = url
    .replace(/^https?:\/\//i, '')
    .replace(/\/.*$/, '')
    .toLowerCase();
  return host === '' || host === 'index.docker.io' ? 'docker.io' : host;
}
