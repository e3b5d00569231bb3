import { Failure } from '../failure.ts';
import { denies, permits } from '../pull-path/permissions.ts';
import type { CallerPermission, DenyAssignment, Fact } from '../pull-path/snapshot.ts';
import type { Need } from './writes/write.ts';

/** What stands in the way of the caller, or not, at the scopes of a plan. */
export interface CallerRights {
  /** Object ids that the caller goes by: its own, and its groups' where the token names them. */
  ids: string[];
  /** By lower-case scope. */
  scopes: Record<string, ScopeRights>;
}

export interface ScopeRights {
  permissions: Fact<CallerPermission[]>;
  locks: Fact<Lock[]>;
  denials: Fact<DenyAssignment[]>;
}

/** At a scope or above. Source: azure-rest-api-specs Microsoft.Authorization locks 2016-09-01 */
export interface Lock {
  id: string;
  level: 'CanNotDelete' | 'ReadOnly';
}

export interface JudgedNeed extends Need {
  holds: 'yes' | 'under-condition' | 'unknown' | 'no';
  /** What stands in the way, or why it cannot be told; empty when nothing does. */
  says: string;
  /** Who can, or can take the obstacle away. */
  who: string;
}

/** Whether the caller may do what a plan needs. Pure. A lock or a denial stands above every role. */
export function judgeNeed(need: Need, { ids, scopes }: CallerRights): JudgedNeed {
  const judged = (holds: JudgedNeed['holds'], says = '', who = '') => ({ ...need, holds, says, who });
  const rights = scopes[need.scope.toLowerCase()];
  if (!rights) return judged('unknown', 'it was not looked up');
  const { permissions, locks, denials } = rights;
  const lock =
    locks.known && locks.value.find(({ level }) => level === 'ReadOnly' || need.operation === 'delete');
  if (lock) {
    return judged('no', `the lock ${lock.id} (${lock.level}) forbids it`, lockOwner(lock.id));
  }
  const denial = denials.known && denials.value.find((it) => denies(it, ids, need.scope, need.action));
  if (denial) {
    return judged(
      'no',
      `the deny assignment ${denial.name} forbids it`,
      'whoever made it, such as the publisher of a managed application',
    );
  }
  const giving = permissions.known
    ? permissions.value.filter((it) => permits(it.actions, it.notActions, need.action))
    : [];
  if (permissions.known && giving.length === 0)
    return judged('no', 'you do not have it', whoCan(need.action));
  const unread = [permissions, locks, denials].find((fact) => !fact.known);
  if (unread && !unread.known) {
    return judged('unknown', `it could not be checked: ${unread.because.message}`);
  }
  return giving.every(({ condition }) => condition)
    ? judged('under-condition', `your role has it under a condition: ${giving[0]!.condition}`)
    : judged('yes');
}

const lockOwner = (id: string) => `an Owner or User Access Administrator: az lock delete --ids ${id}`;

/** The least built-in role first. Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles */
function whoCan(action: string): string {
  if (/^Microsoft\.Authorization\/roleAssignments\//i.test(action)) {
    return 'a Role Based Access Control Administrator, User Access Administrator or Owner';
  }
  return /^Microsoft\.ManagedIdentity\//i.test(action)
    ? 'a Managed Identity Operator, Contributor or Owner'
    : 'a Website Contributor, Contributor or Owner';
}

/** Refuses to begin a plan that would stop half way (causes B9, B13; locks). */
export function requireRights(needs: JudgedNeed[]): void {
  const missing = needs.filter(({ holds }) => holds === 'no');
  const [first] = missing;
  if (!first) return;
  const lines = missing.map(
    ({ action, scope, says, who }) => `${action}: ${says}\n    at   ${scope}\n    can  ${who}`,
  );
  throw new Failure(`The plan needs what you may not do. Nothing was changed.\n  ${lines.join('\n  ')}`, {
    resource: first.scope,
    next: `let the plan be applied by ${first.who}; who that is: az role assignment list --scope ${first.scope} --include-inherited -o table`,
  });
}
