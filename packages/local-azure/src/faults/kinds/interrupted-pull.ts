import { faultKind } from '../fault-kind.ts';
import { isBlobRead } from '../http-effect.ts';
import { share } from '../parameters.ts';
import { registryRequests } from '../places.ts';

// Source: azureossd.github.io 2023-02-28, on what network devices do to a pull
export const interruptedPull = faultKind({
  name: 'interrupted-pull',
  does: 'The connection ends in the middle of a blob.',
  standsFor: 'A network device ends long transfers.',
  limits: ['registry', 'host'],
  parameters: { after: { is: share, default: '50%', meaning: 'the share of the blob that arrives' } },
  strikes: ({ after }) => [
    registryRequests.struckBy((request) => (isBlobRead(request) ? { kind: 'cut', share: after } : undefined)),
  ],
});
