import { faultKind } from '../fault-kind.ts';
import { delay, lateBy } from '../late-change.ts';
import { grantsRemoved } from '../places.ts';

// Source: learn.microsoft.com/azure/role-based-access-control/troubleshooting, "Role assignment changes are not being detected"
export const roleRemovalDelay = faultKind({
  name: 'role-removal-delay',
  does: 'A role assignment that was removed goes on counting for a while.',
  standsFor: 'Azure takes up to 10 minutes to forget a role assignment.',
  limits: ['registry'],
  parameters: { delay: delay('5m') },
  strikes: ({ delay }) => [grantsRemoved.struckBy(lateBy(delay))],
});
