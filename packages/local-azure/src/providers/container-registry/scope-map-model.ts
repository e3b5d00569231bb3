import { resourceName } from '../../resource-manager/resource-id.ts';
import type { ResourceBody, ResourceRecord, Resources } from '../../store/resources.ts';
import { type RegistryRecord, registryType } from './model.ts';

export const scopeMapType = `${registryType}/scopeMaps`;

/** Source: azure-rest-api-specs containerregistry 2025-11-01 ScopeMapProperties */
export interface ScopeMapProperties extends Record<string, unknown> {
  description?: string;
  /** What a token that has this map may do, such as `repositories/team/app/content/read`. */
  actions: string[];
}

export interface ScopeMapBody extends ResourceBody {
  properties: ScopeMapProperties;
}

export interface ScopeMap {
  id: string;
  type: 'UserDefined' | 'SystemDefined';
  properties: ScopeMapProperties;
  createdOn: number;
  changedOn: number;
}

/** Those that every registry has, in Azure's words. Source: exported templates of registries, api-version 2024-11-01-preview */
const systemDefined: Record<string, ScopeMapProperties> = {
  _repositories_admin: {
    description: 'Can perform all read, write and delete operations on the registry',
    actions: [
      'repositories/*/metadata/read',
      'repositories/*/metadata/write',
      'repositories/*/content/read',
      'repositories/*/content/write',
      'repositories/*/content/delete',
    ],
  },
  _repositories_pull: {
    description: 'Can pull any repository of the registry',
    actions: ['repositories/*/content/read'],
  },
  _repositories_pull_metadata_read: {
    description: 'Can perform all read operations on the registry',
    actions: ['repositories/*/content/read', 'repositories/*/metadata/read'],
  },
  _repositories_push: {
    description: 'Can push to any repository of the registry',
    actions: ['repositories/*/content/read', 'repositories/*/content/write'],
  },
  _repositories_push_metadata_write: {
    description: 'Can perform all read and write operations on the registry',
    actions: [
      'repositories/*/metadata/read',
      'repositories/*/metadata/write',
      'repositories/*/content/read',
      'repositories/*/content/write',
    ],
  },
};

export const isSystemDefined = (name: string): boolean => Object.hasOwn(systemDefined, name.toLowerCase());

export const scopeMapId = (registryId: string, name: string): string => `${registryId}/scopeMaps/${name}`;

/** All scope maps of a registry; those that every registry has come first. */
export const scopeMapsOf = (resources: Resources, registry: RegistryRecord): ScopeMap[] => [
  ...Object.keys(systemDefined).map((name) => systemScopeMap(registry, name)),
  ...resources.list<ScopeMapBody>(registry.id, scopeMapType).map(userScopeMap),
];

export function findScopeMap(
  resources: Resources,
  registry: RegistryRecord,
  name: string,
): ScopeMap | undefined {
  if (isSystemDefined(name)) return systemScopeMap(registry, name.toLowerCase());
  const record = resources.get<ScopeMapBody>(scopeMapId(registry.id, name));
  return record && userScopeMap(record);
}

const systemScopeMap = ({ id, createdOn }: RegistryRecord, name: string): ScopeMap => ({
  id: scopeMapId(id, name),
  type: 'SystemDefined',
  properties: systemDefined[name]!,
  createdOn,
  changedOn: createdOn,
});

export const userScopeMap = ({
  id,
  body: { properties },
  createdOn,
  changedOn,
}: ResourceRecord<ScopeMapBody>): ScopeMap => ({ id, type: 'UserDefined', properties, createdOn, changedOn });

/** The scope map as its clients see it. */
export function presentScopeMap({ id, type, properties, createdOn, changedOn }: ScopeMap) {
  const creationDate = new Date(createdOn).toISOString();
  return {
    id,
    name: resourceName(id),
    type: scopeMapType,
    systemData: { createdAt: creationDate, lastModifiedAt: new Date(changedOn).toISOString() },
    properties: { ...properties, type, creationDate, provisioningState: 'Succeeded' },
  };
}
