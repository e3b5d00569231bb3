import { Failure } from '../failure.ts';
import { permits } from '../pull-path/permissions.ts';
import type { SitePlan } from './plan.ts';

const writeGrant = 'Microsoft.Authorization/roleAssignments/write';

/** Refuses to begin a plan that would stop half way for want of a right (cause B9). */
export function requireRights(plans: SitePlan[]): void {
  for (const { view, steps } of plans) {
    const grants = steps.some(({ remedy }) => remedy.id === 'grant-pull');
    if (!grants || !view.registry?.known) continue;
    const { id, callerPermissions } = view.registry.value;
    if (!callerPermissions.known) continue;
    if (callerPermissions.value.some((it) => permits(it.actions, it.notActions, writeGrant))) continue;
    throw new Failure(`The plan needs ${writeGrant}, which you do not have. Nothing was changed.`, {
      resource: id,
      next: 'ask an Owner, User Access Administrator or Role Based Access Control Administrator of the registry to run it',
    });
  }
}
