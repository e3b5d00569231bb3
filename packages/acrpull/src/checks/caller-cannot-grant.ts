import { permits } from '../pull-path/permissions.ts';
import { askOwner } from '../remedies/by-hand.ts';
import { type Check, skip, warn } from './check.ts';
import { grantFacts } from './grant-facts.ts';

const writeGrant = 'Microsoft.Authorization/roleAssignments/write';

export const callerCannotGrant: Check = {
  id: 'B9',
  link: 'grant',
  title: 'You cannot grant the role yourself',
  why: 'Creating a role assignment needs a right that Contributor does not have; a pipeline that lacks it often goes on in silence.',
  judge: (view) => {
    const { registry } = view;
    const facts = grantFacts(view);
    const granted = facts.ready && facts.pull.length > 0;
    if (!registry?.known || granted) return skip('no grant is missing');
    const { callerPermissions } = registry.value;
    if (!callerPermissions.known) return skip('your own permissions could not be read');
    if (callerPermissions.value.some((it) => permits(it.actions, it.notActions, writeGrant))) {
      return skip('you can grant the role');
    }
    return warn(`a grant is missing, and you may not make one (${writeGrant})`, {
      property: 'your permissions',
      value: callerPermissions.value.flatMap((it) => it.actions).join(', ') || 'none',
      resource: registry.value.id,
    });
  },
  remedies: [askOwner],
  docs: 'https://learn.microsoft.com/azure/role-based-access-control/role-assignments-portal#prerequisites',
};
