import { faultKind } from '../fault-kind.ts';
import { oneOf } from '../parameters.ts';
import { registryRequests } from '../places.ts';

// Source: azureossd.github.io 2023-02-28, "received unexpected HTTP status: 503"
export const registryOutage = faultKind({
  name: 'registry-outage',
  does: 'A registry answers 503, or not at all.',
  standsFor: 'The registry, or a network device in front of it, is out of order.',
  limits: ['registry', 'host'],
  parameters: {
    answer: { is: oneOf('503', 'none'), default: '503', meaning: '503, or none: the client waits in vain' },
  },
  strikes: ({ answer }) => [
    registryRequests.struckBy(() =>
      answer === 'none' ? { kind: 'silence' } : { kind: 'answer', status: 503, body: page, headers },
    ),
  ],
});

/** Whatever stands in front of a registry that is down does not speak its language. */
const page = '<html><head><title>503 Service Temporarily Unavailable</title></head></html>\n';
const headers = { 'content-type': 'text/html' };
