import { faultKind } from '../fault-kind.ts';
import { share } from '../parameters.ts';
import { resourceManagerRequests } from '../places.ts';

export const resourceManagerCut = faultKind({
  name: 'resource-manager-cut',
  does: 'The connection ends in the middle of an answer of Resource Manager. What was asked for is done.',
  standsFor: 'A proxy, a firewall or the network ends a connection.',
  limits: ['registry', 'site'],
  parameters: { after: { is: share, default: '50%', meaning: 'the share of the answer that arrives' } },
  strikes: ({ after }) => [resourceManagerRequests.struckBy(() => ({ kind: 'cut', share: after }))],
});
