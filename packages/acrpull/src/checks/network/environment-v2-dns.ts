import { usePublicName } from '../../remedies/by-hand/network.ts';
import type { Cause } from '../cause.ts';
import { noSuchHost } from '../log-text.ts';

/** Source: azure.github.io/AppService 2021-07-03, "Deploying Linux custom container from private ACR" */
export const environmentV2Dns: Cause = {
  id: 'D13',
  link: 'network',
  confidence: 'hidden',
  title: 'An App Service Environment v2 does not ask a DNS server of one’s own',
  why: 'It pulls from no registry whose name only such a server resolves, as that of a private endpoint.',
  frequency: 'rare',
  seenAs: [noSuchHost],
  shownBy: 'The plan is of the tier Isolated, not IsolatedV2, and the log says "no such host".',
  remedies: [usePublicName],
  docs: 'https://azure.github.io/AppService/2021/07/03/Linux-container-from-ACR-with-private-endpoint.html',
};
