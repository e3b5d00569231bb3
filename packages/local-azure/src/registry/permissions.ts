import type { Access } from '../resource-manager/access.ts';

/** What somebody may do with a whole registry: the `permissions.actions` of a refresh token. */
export type Permission = 'read' | 'write' | 'delete' | 'metadata/read' | 'metadata/write';

export const allPermissions: readonly Permission[] = [
  'read',
  'write',
  'delete',
  'metadata/read',
  'metadata/write',
];

/** Source: MicrosoftDocs azure-docs container-registry "anonymous-pull-access": pull and its listings only. */
export const anonymousPermissions: readonly Permission[] = ['read', 'metadata/read'];

/** One thing that a token is asked for or allows. Source: distribution docs, "Token Scope Documentation". */
export interface Scope {
  type: string;
  name: string;
  actions: string[];
}

// A pull role is enough to list tags and repositories; a push role, to change their attributes.
const grantedBy: readonly { action: string; permissions: Permission[] }[] = [
  { action: 'Microsoft.ContainerRegistry/registries/pull/read', permissions: ['read', 'metadata/read'] },
  { action: 'Microsoft.ContainerRegistry/registries/push/write', permissions: ['write', 'metadata/write'] },
  { action: 'Microsoft.ContainerRegistry/registries/artifacts/delete', permissions: ['delete'] },
];

/** What the role assignments of a principal let it do in the registry with resource id `registryId`. */
export const permissionsOf = (access: Access, principalId: string, registryId: string): Permission[] =>
  grantedBy
    .filter(({ action }) => access.allowed(principalId, action, registryId))
    .flatMap(({ permissions }) => permissions);

const repositoryActions: Record<string, Permission> = {
  pull: 'read',
  push: 'write',
  delete: 'delete',
  metadata_read: 'metadata/read',
  metadata_write: 'metadata/write',
};

/** What somebody may do in a registry, as what is left of a scope once the actions are gone that it may not take. */
export type Rights = (scope: Scope) => Scope;

export const allows = (rights: Rights, scope: Scope): boolean =>
  rights(scope).actions.length === scope.actions.length;

/** These permissions, in every repository. */
export const registryWide =
  (permissions: readonly Permission[]): Rights =>
  (scope) => {
    const { type, name } = scope;
    if (type === 'registry' && name === 'catalog') {
      const listed = permissions.includes('metadata/read') && scope.actions.includes('*');
      return { type, name, actions: listed ? ['*'] : [] };
    }
    if (type !== 'repository') return { type, name, actions: [] };
    const wanted = scope.actions.includes('*') ? Object.keys(repositoryActions) : scope.actions;
    const granted = (action: string) =>
      Object.hasOwn(repositoryActions, action) && permissions.includes(repositoryActions[action]!);
    return { type, name, actions: [...new Set(wanted)].filter(granted) };
  };

/** What an access token lists, and no more. */
export const listed =
  (entries: readonly Scope[]): Rights =>
  (scope) => {
    const actions = new Set(
      entries
        .filter(({ type, name }) => type === scope.type && name === scope.name)
        .flatMap((entry) => entry.actions),
    );
    return { ...scope, actions: [...new Set(scope.actions)].filter((action) => actions.has(action)) };
  };

/** `repository:team/app:pull,push`; undefined when it does not parse. */
export function parseScope(text: string): Scope | undefined {
  const first = text.indexOf(':');
  const last = text.lastIndexOf(':');
  if (first <= 0 || first === last) return undefined;
  const actions = text
    .slice(last + 1)
    .split(',')
    .filter((action) => action !== '');
  return { type: text.slice(0, first), name: text.slice(first + 1, last), actions };
}

export const formatScope = ({ type, name, actions }: Scope) => `${type}:${name}:${actions.join(',')}`;
