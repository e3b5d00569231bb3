import { faultKind } from '../fault-kind.ts';
import { duration } from '../parameters.ts';
import { identityTokens, type KeptToken } from '../places.ts';

// Source: MicrosoftDocs/azure-docs articles/app-service/overview-managed-identity.md: around 24 hours
export const tokenCache = faultKind({
  name: 'token-cache',
  does: 'A worker takes the token that a managed identity got before, with the claims that it had then.',
  standsFor:
    'Azure keeps the tokens of managed identities for about a day, and none can be renewed before (C2).',
  limits: ['site'],
  parameters: {
    lifetime: {
      is: duration,
      default: '24h',
      meaning: 'how long a token is taken again; not beyond its own end',
    },
  },
  strikes: ({ lifetime }) => {
    const kept = new Map<string, KeptToken>();
    return [identityTokens.struckBy(() => ({ kind: 'reuse', ms: lifetime, kept }))];
  },
});
