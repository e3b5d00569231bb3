import { faultKind } from '../fault-kind.ts';
import { delay, lateBy } from '../late-change.ts';
import { identitiesMade } from '../places.ts';

// Source: learn.microsoft.com/azure/role-based-access-control/troubleshooting, "Assigning a role to a new principal
// sometimes fails"
export const identityDelay = faultKind({
  name: 'identity-delay',
  does:
    'A new managed identity is not known at first: it gets no token, and a role assignment that does not give its ' +
    'principalType is refused with PrincipalNotFound.',
  standsFor: 'Entra ID takes a while to replicate a new principal (B8).',
  limits: ['site'],
  parameters: { delay: delay('30s') },
  strikes: ({ delay }) => [identitiesMade.struckBy(lateBy(delay))],
});
