import { faultKind } from '../fault-kind.ts';
import { answer } from '../http-effect.ts';
import { oneOf } from '../parameters.ts';
import { entraRequests, identityTokens } from '../places.ts';

// Source: Azure/azure-sdk-for-python issue 14241
const code = 90033;
const message = `AADSTS${code}: A transient error has occurred. Please try again.`;

export const entraOutage = faultKind({
  name: 'entra-outage',
  does:
    'Entra ID answers 503, or not at all. Workers get no tokens; limited to a site, only those of its identities ' +
    'are meant.',
  standsFor: 'Entra ID, or the way to it, is out of order (D11).',
  limits: ['site'],
  parameters: {
    answer: { is: oneOf('503', 'none'), default: '503', meaning: '503, or none: the client waits in vain' },
  },
  strikes: ({ answer: status }) => [
    entraRequests.struckBy(() =>
      status === 'none'
        ? { kind: 'silence' }
        : answer(503, { error: 'temporarily_unavailable', error_description: message, error_codes: [code] }),
    ),
    // A worker waits no longer than for the answer that it cannot use.
    identityTokens.struckBy(() => ({ kind: 'refuse', message })),
  ],
});
