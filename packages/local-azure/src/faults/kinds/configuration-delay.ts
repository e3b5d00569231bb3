import { faultKind } from '../fault-kind.ts';
import { delay, lateBy } from '../late-change.ts';
import { siteSettingsWritten } from '../places.ts';

// Source: azure.github.io/AppService/2021/07/03/Linux-container-from-ACR-with-private-endpoint.html
export const configurationDelay = faultKind({
  name: 'configuration-delay',
  does:
    'A worker sees the settings of a site as they were before the last write, also after a restart, until the delay ' +
    'is over. Those that a new site is made with are seen at once.',
  standsFor: 'A site pulls before all of its settings have reached its worker (C3).',
  limits: ['site'],
  parameters: { delay: delay('30s') },
  strikes: ({ delay }) => [siteSettingsWritten.struckBy(lateBy(delay))],
});
