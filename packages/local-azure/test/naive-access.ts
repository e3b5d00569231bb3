/**
 * A second, simple-minded implementation of Azure RBAC, to test and to measure the first one against: it looks at every
 * assignment there is, segment by segment and character by character, and shares no code with it.
 */
export interface World {
  assignments: readonly {
    principalId: string;
    scope: string;
    permissions: readonly NaivePermission[];
    /** What the repository's name must start with. */
    onlyRepositories?: string;
  }[];
  denyAssignments: readonly {
    scope: string;
    doNotApplyToChildScopes: boolean;
    permissions: readonly NaivePermission[];
    principals: readonly { id: string }[];
    excludePrincipals: readonly { id: string }[];
  }[];
  /** Who is in which group, by group. */
  members: Readonly<Record<string, readonly string[]>>;
}

interface NaivePermission {
  actions: readonly string[];
  notActions: readonly string[];
  dataActions: readonly string[];
  notDataActions: readonly string[];
}

export interface Question {
  principalId: string;
  plane: 'control' | 'data';
  action: string;
  scope: string;
  repositoryName?: string;
}

const allPrincipals = '00000000-0000-0000-0000-000000000000';

export function naivelyAllowed(
  { assignments, denyAssignments, members }: World,
  question: Question,
): boolean {
  const { principalId, action, scope } = question;
  const isMe = (id: string) =>
    id.toLowerCase() === principalId.toLowerCase() ||
    (members[id] ?? []).some((member) => member.toLowerCase() === principalId.toLowerCase());
  const covers = (permissions: readonly NaivePermission[]) => {
    for (const one of permissions) {
      const [yes, no] =
        question.plane === 'control' ? [one.actions, one.notActions] : [one.dataActions, one.notDataActions];
      const some = (list: readonly string[]) =>
        list.some((pattern) => glob(pattern.toLowerCase(), action.toLowerCase()));
      if (some(yes) && !some(no)) return true;
    }
    return false;
  };

  for (const denial of denyAssignments) {
    const isTold = denial.principals.some(({ id }) => id === allPrincipals || isMe(id));
    const isSpared = denial.excludePrincipals.some(({ id }) => isMe(id));
    const isThere = denial.doNotApplyToChildScopes
      ? segments(scope).join('/') === segments(denial.scope).join('/')
      : isBelow(scope, denial.scope);
    if (isTold && !isSpared && isThere && covers(denial.permissions)) return false;
  }
  for (const grant of assignments) {
    const { onlyRepositories: prefix } = grant;
    const holds = prefix === undefined || question.repositoryName?.startsWith(prefix) === true;
    if (isMe(grant.principalId) && holds && isBelow(scope, grant.scope) && covers(grant.permissions))
      return true;
  }
  return false;
}

const segments = (scope: string) => scope.toLowerCase().split('/').filter(Boolean);

/** The tenant is above all, and its management group above the subscriptions. */
function isBelow(scope: string, above: string): boolean {
  const [inner, outer] = [segments(scope), segments(above)];
  if (outer[2] === 'managementgroups' && outer.length === 4 && inner[0] === 'subscriptions')
    return inner.length > 1;
  return outer.every((segment, i) => inner[i] === segment);
}

function glob(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern.startsWith('/*/') && glob(pattern.slice(2), text)) return true;
  if (pattern[0] === '*')
    return glob(pattern.slice(1), text) || (text !== '' && glob(pattern, text.slice(1)));
  return pattern[0] === text[0] && glob(pattern.slice(1), text.slice(1));
}
