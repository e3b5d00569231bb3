import { parseRepository } from './names.ts';
import { decidedBy, type RepositoryAction, type Rights } from './permissions.ts';

/** One action of a scope map: `repositories/team/app/content/read`. */
export interface ScopeMapAction {
  /** A repository; `team/*` for all below `team`, and `*` for all. */
  repository: string;
  action: RepositoryAction;
}

/** Source: MicrosoftDocs/azure-management-docs container-registry-token-based-repository-permissions.md, "Concepts" */
const actionPattern =
  /^repositories\/(?<repository>.+)\/(?<action>content\/(?:read|write|delete)|metadata\/(?:read|write))$/;

/** Undefined when it does not parse. */
export function parseScopeMapAction(text: string): ScopeMapAction | undefined {
  const { repository = '', action } = actionPattern.exec(text)?.groups ?? {};
  const isWhole = repository === '*' || parseRepository(repository.replace(/\/\*$/, '')) !== undefined;
  return isWhole ? { repository, action: action as RepositoryAction } : undefined;
}

/** What a scope map with these actions gives: they add up. The catalog is not among what it can give. */
export function scopeMapRights(actions: readonly string[]): Rights {
  const granted = actions.map(parseScopeMapAction).filter((action) => action !== undefined);
  return decidedBy(
    (action, repository) =>
      granted.some((one) => one.action === action && includes(one.repository, repository)),
    () => false,
  );
}

const includes = (pattern: string, repository: string): boolean =>
  pattern.endsWith('*') ? repository.startsWith(pattern.slice(0, -1)) : pattern === repository;
