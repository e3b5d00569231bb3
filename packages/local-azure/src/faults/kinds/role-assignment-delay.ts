import { faultKind } from '../fault-kind.ts';
import { delay, lateBy } from '../late-change.ts';
import { grantsMade } from '../places.ts';

// Source: learn.microsoft.com/azure/role-based-access-control/troubleshooting, "Role assignment changes are not being detected"
export const roleAssignmentDelay = faultKind({
  name: 'role-assignment-delay',
  does: 'A new role assignment counts only after a delay.',
  standsFor: 'Azure takes up to 10 minutes to honour a role assignment (C1).',
  limits: ['registry'],
  parameters: { delay: delay('5m') },
  strikes: ({ delay }) => [grantsMade.struckBy(lateBy(delay))],
});
