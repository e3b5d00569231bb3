import { assignIdentity } from '../remedies/assign-identity.ts';
import { grantPull } from '../remedies/grant-pull.ts';
import { type Check, fail, pass, skip } from './check.ts';

export const noIdentity: Check = {
  id: 'B1',
  link: 'identity',
  title: 'No managed identity is attached',
  why: 'A keyless pull begins with a token of the identity. Each slot has identities of its own; they neither swap nor get cloned.',
  judge: ({ site, principal }) => {
    if (principal.found) return pass(`${principal.kind}, principal ${principal.principalId}`);
    if (principal.reason !== 'no-identity') return skip('identities are attached');
    return fail('no managed identity is attached, so nobody can ask the registry for a token', {
      property: 'identity.type',
      value: site.identity.type,
      resource: site.id,
    });
  },
  remedies: [assignIdentity, grantPull],
  docs: 'https://learn.microsoft.com/azure/app-service/overview-managed-identity',
};
