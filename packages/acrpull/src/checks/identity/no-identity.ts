import { assignIdentity } from '../../remedies/assign-identity.ts';
import { grantPull } from '../../remedies/grant-pull.ts';
import { type Check, fail, pass, skip } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { identityTypeEvidence } from './client-id-evidence.ts';

export const noIdentity: Check = {
  id: 'B1',
  link: 'identity',
  confidence: 'verdict',
  title: 'No managed identity is attached',
  why: 'A keyless pull begins with a token of the identity. Each slot has identities of its own; they neither swap nor get cloned.',
  frequency: 'very common',
  seenAs: refusals,
  judge: (view) => {
    const { principal } = view;
    if (principal.found) return pass(`${principal.kind}, principal ${principal.principalId}`);
    if (principal.reason === 'other-registry')
      return skip('only Azure Container Registry takes a managed identity');
    if (principal.reason !== 'no-identity') return skip('identities are attached');
    return fail(
      'no managed identity is attached, so nobody can ask the registry for a token',
      identityTypeEvidence(view),
    );
  },
  remedies: [assignIdentity, grantPull],
  docs: 'https://learn.microsoft.com/azure/app-service/overview-managed-identity',
};
