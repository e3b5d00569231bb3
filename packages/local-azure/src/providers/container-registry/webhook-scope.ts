import { parseRepository, parseTag } from '../../registry/names.ts';

/** Source: azure-rest-api-specs containerregistry 2023-07-01 WebhookProperties.scope */
function parseScope(scope: string): { repository: string; tag: string } | undefined {
  const [repository = '', tag = 'latest', ...more] = scope.split(':');
  const isValid = more.length === 0 && parseRepository(repository) && (tag === '*' || parseTag(tag));
  return isValid ? { repository, tag } : undefined;
}

/** Is this a scope that a webhook can have: `repository`, `repository:tag`, `repository:*`, or empty? */
export const isScope = (scope: string): boolean => scope === '' || parseScope(scope) !== undefined;

/**
 * Is what happened to the repository within the webhook's scope? An event without a tag, such as a deletion, is one of
 * all tags (`repository:*`), and of none alone.
 */
export function isInScope(scope: string, repository: string, tag: string | undefined): boolean {
  if (scope === '') return true;
  const wanted = parseScope(scope);
  return wanted?.repository === repository && (wanted.tag === '*' || wanted.tag === tag);
}
