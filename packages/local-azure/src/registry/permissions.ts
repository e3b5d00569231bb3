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

const registries = 'Microsoft.ContainerRegistry/registries';

// A pull role is enough to list tags and repositories; a push role, to change their attributes.
const grantedBy: readonly { action: string; permissions: Permission[] }[] = [
  { action: `${registries}/pull/read`, permissions: ['read', 'metadata/read'] },
  { action: `${registries}/push/write`, permissions: ['write', 'metadata/write'] },
  { action: `${registries}/artifacts/delete`, permissions: ['delete'] },
];

/** What the role assignments of a principal let it do in the registry with resource id `registryId`. */
export const permissionsOf = (access: Access, principalId: string, registryId: string): Permission[] =>
  grantedBy
    .filter(({ action }) => access.allowed(principalId, action, registryId))
    .flatMap(({ permissions }) => permissions);

/** What can be done in a repository, as the data actions of roles and the actions of scope maps call it. */
export type RepositoryAction =
  | 'content/read'
  | 'content/write'
  | 'content/delete'
  | 'metadata/read'
  | 'metadata/write';

/** The actions of a scope. */
const repositoryActions: Record<string, RepositoryAction> = {
  pull: 'content/read',
  push: 'content/write',
  delete: 'content/delete',
  metadata_read: 'metadata/read',
  metadata_write: 'metadata/write',
};

const permissionFor: Record<RepositoryAction, Permission> = {
  'content/read': 'read',
  'content/write': 'write',
  'content/delete': 'delete',
  'metadata/read': 'metadata/read',
  'metadata/write': 'metadata/write',
};

/** What somebody may do in a registry, as what is left of a scope once the actions are gone that it may not take. */
export type Rights = (scope: Scope) => Scope;

export const allows = (rights: Rights, scope: Scope): boolean =>
  rights(scope).actions.length === scope.actions.length;

/** Rights that are decided action by action. */
export const decidedBy =
  (may: (action: RepositoryAction, repository: string) => boolean, mayListCatalog: () => boolean): Rights =>
  ({ type, name, actions }) => {
    if (type === 'registry' && name === 'catalog') {
      return { type, name, actions: actions.includes('*') && mayListCatalog() ? ['*'] : [] };
    }
    if (type !== 'repository') return { type, name, actions: [] };
    const wanted = actions.includes('*') ? Object.keys(repositoryActions) : actions;
    const granted = (action: string) =>
      Object.hasOwn(repositoryActions, action) && may(repositoryActions[action]!, name);
    return { type, name, actions: [...new Set(wanted)].filter(granted) };
  };

/** These permissions, in every repository. */
export const registryWide = (permissions: readonly Permission[]): Rights =>
  decidedBy(
    (action) => permissions.includes(permissionFor[action]),
    () => permissions.includes('metadata/read'),
  );

/** What data actions of roles give a principal at this moment in an ABAC registry, in each repository for itself. */
export const byDataActions = (access: Access, principalId: string, registryId: string): Rights =>
  decidedBy(
    (action, repositoryName) =>
      access.allowedData(principalId, `${registries}/repositories/${action}`, registryId, { repositoryName }),
    () => access.allowedData(principalId, `${registries}/catalog/read`, registryId),
  );

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
