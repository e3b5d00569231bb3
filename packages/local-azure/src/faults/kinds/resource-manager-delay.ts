import { faultKind } from '../fault-kind.ts';
import { duration } from '../parameters.ts';
import { resourceManagerRequests } from '../places.ts';

export const resourceManagerDelay = faultKind({
  name: 'resource-manager-delay',
  does: 'Resource Manager takes its time to answer.',
  standsFor: 'Resource Manager under load, or far away.',
  limits: ['registry', 'site'],
  parameters: { delay: { is: duration, default: '5s', meaning: 'how long each answer takes' } },
  strikes: ({ delay }) => [resourceManagerRequests.struckBy(() => ({ kind: 'wait', ms: delay }))],
});
