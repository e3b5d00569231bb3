import type { RepositoryToken } from '../../registry/registry-facts.ts';
import { resourceName } from '../../resource-manager/resource-id.ts';
import type { ResourceBody, ResourceRecord, Resources } from '../../store/resources.ts';
import { type RegistryRecord, registryType } from './model.ts';
import { findScopeMap } from './scope-map-model.ts';
import { presentPassword, type TokenPassword } from './token-passwords.ts';

export const tokenType = `${registryType}/tokens`;

/** Source: azure-rest-api-specs containerregistry 2025-11-01 TokenProperties */
export interface TokenProperties extends Record<string, unknown> {
  scopeMapId: string;
  status: 'enabled' | 'disabled';
  passwords: TokenPassword[];
}

export interface TokenBody extends ResourceBody {
  properties: TokenProperties;
}

export type TokenRecord = ResourceRecord<TokenBody>;

export const tokenId = (registryId: string, name: string): string => `${registryId}/tokens/${name}`;

/** What the data plane knows of a registry's token; its scope map may be gone. */
export function findRepositoryToken(
  resources: Resources,
  registry: RegistryRecord,
  name: string,
): RepositoryToken | undefined {
  const token = resources.get<TokenBody>(tokenId(registry.id, name));
  if (!token) return undefined;
  const { status, passwords, scopeMapId } = token.body.properties;
  const scopeMap = findScopeMap(resources, registry, resourceName(scopeMapId));
  return { name: resourceName(token.id), status, passwords, actions: scopeMap?.properties.actions ?? [] };
}

const time = (milliseconds: number) => new Date(milliseconds).toISOString();

/** The token as its clients see it. */
export function presentToken({ id, body, createdOn, changedOn }: TokenRecord) {
  const { scopeMapId, status, passwords } = body.properties;
  return {
    id,
    name: resourceName(id),
    type: tokenType,
    systemData: { createdAt: time(createdOn), lastModifiedAt: time(changedOn) },
    properties: {
      creationDate: time(createdOn),
      provisioningState: 'Succeeded',
      scopeMapId,
      credentials: { passwords: passwords.map(presentPassword) },
      status,
    },
  };
}
