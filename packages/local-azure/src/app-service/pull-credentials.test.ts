import { expect, test } from 'vitest';
import { parseImageReference } from './image-reference.ts';
import { choosePullUser } from './pull-credentials.ts';
import type { SiteSpec } from './site.ts';

const system = { principalId: 'system', clientId: 'system-client' };
const user = { principalId: 'user', clientId: 'user-client', resourceId: '/user' };
const password = {
  DOCKER_REGISTRY_SERVER_URL: 'https://hoge.azurecr.io',
  DOCKER_REGISTRY_SERVER_USERNAME: 'hoge',
  DOCKER_REGISTRY_SERVER_PASSWORD: 'secret',
};
const flag = { acrUseManagedIdentityCreds: true };
const both = { identity: { systemAssigned: system, userAssigned: [user] } };

/**
 * The flag decides between the two ways, whatever else is set; the client id decides between the identities.
 * Sources: Azure/app-service-linux-docs "HowTo/Configure ACR with Managed Identities", Azure/azure-cli issue 14631
 */
test.each<[string, Partial<SiteSpec>, string, string?]>([
  ['nothing', {}, 'nobody'],
  ['the flag, and no identity', flag, 'nobody'],
  ['the flag', { ...flag, ...both }, 'system'],
  ['the flag and a client id', { ...flag, ...both, acrUserManagedIdentityID: 'USER-client' }, 'user'],
  [
    'the flag and a client id that is not attached',
    { ...flag, ...both, acrUserManagedIdentityID: 'x' },
    'nobody',
  ],
  [
    'the flag, with a user-assigned identity alone',
    { ...flag, identity: { userAssigned: [user] } },
    'nobody',
  ],
  ['an identity without the flag', both, 'nobody'],
  ['a password', { appSettings: password }, 'hoge'],
  ['a password and an identity', { appSettings: password, ...both }, 'hoge'],
  ['a password and the flag', { appSettings: password, ...both, ...flag }, 'system'],
  ['a password and the flag, and no identity', { appSettings: password, ...flag }, 'nobody'],
  ['a password for another registry', { appSettings: password }, 'nobody', 'other.azurecr.io/app:1'],
  [
    'a password and a URL with a path',
    { appSettings: { ...password, DOCKER_REGISTRY_SERVER_URL: 'HTTPS://HOGE.azurecr.io/v2/' } },
    'hoge',
  ],
  [
    'a password and a URL without a scheme',
    { appSettings: { ...password, DOCKER_REGISTRY_SERVER_URL: 'hoge.azurecr.io' } },
    'hoge',
  ],
  [
    'a password for Docker Hub',
    { appSettings: { ...password, DOCKER_REGISTRY_SERVER_URL: 'https://index.docker.io/v1' } },
    'hoge',
    'team/app:1',
  ],
  [
    'a user without a password',
    { appSettings: { ...password, DOCKER_REGISTRY_SERVER_PASSWORD: '' } },
    'nobody',
  ],
  // A token of the identity is shown to nobody but Azure's registries.
  ['the flag, for another registry', { ...flag, ...both }, 'nobody', 'registry.example.com/app:1'],
  ['the flag, for a look-alike', { ...flag, ...both }, 'nobody', 'hoge.azurecr.io.example.com/app:1'],
])('%s: %s pulls', (_what, settings, who, image = 'hoge.azurecr.io/app:1') => {
  const spec = { identity: { userAssigned: [] }, appSettings: {}, ...settings } as unknown as SiteSpec;
  const chosen = choosePullUser(spec, parseImageReference(image));
  const name = chosen.kind === 'password' ? chosen.username : 'nobody';
  expect(chosen.kind === 'identity' ? chosen.identity.principalId : name).toBe(who);
});
