import { permits } from '../../pull-path/permissions.ts';
import { askOwner } from '../../remedies/by-hand/grant.ts';
import { type Check, skip, warn } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { grantFacts } from './grant-facts.ts';

const writeGrant = 'Microsoft.Authorization/roleAssignments/write';

export const callerCannotGrant: Check = {
  id: 'B9',
  link: 'grant',
  confidence: 'verdict',
  title: 'You cannot grant the role yourself',
  why: 'Creating a role assignment needs a right that Contributor does not have; a pipeline that lacks it often goes on in silence. What was granted can be taken away again, too.',
  frequency: 'common',
  seenAs: refusals,
  judge: (view) => {
    const { registry, principal } = view;
    const facts = grantFacts(view);
    // An identity that is still to be attached will need a grant as well.
    const isMissing = facts.ready ? facts.missing !== undefined : !principal.found;
    if (!registry?.known || !isMissing) return skip('no grant is missing');
    const { callerPermissions, id } = registry.value;
    if (!callerPermissions.known) return skip('your own permissions could not be read');
    if (callerPermissions.value.some((it) => permits(it.actions, it.notActions, writeGrant)))
      return skip('you can grant the role');
    return warn(`a grant is missing, and you may not make one (${writeGrant})`, {
      property: 'your permissions',
      value: callerPermissions.value.flatMap((it) => it.actions).join(', ') || 'none',
      resource: id,
    });
  },
  remedies: [askOwner],
  docs: 'https://learn.microsoft.com/azure/role-based-access-control/role-assignments-portal#prerequisites',
};
