import { faultKind } from '../fault-kind.ts';
import { duration } from '../parameters.ts';
import { entraRequests, identityTokens } from '../places.ts';

export const entraDelay = faultKind({
  name: 'entra-delay',
  does: 'Entra ID takes its time to answer, and to give workers their tokens.',
  standsFor: 'Entra ID under load, or far away.',
  limits: ['site'],
  parameters: { delay: { is: duration, default: '5s', meaning: 'how long each answer takes' } },
  strikes: ({ delay }) => [
    entraRequests.struckBy(() => ({ kind: 'wait', ms: delay })),
    identityTokens.struckBy(() => ({ kind: 'wait', ms: delay })),
  ],
});
