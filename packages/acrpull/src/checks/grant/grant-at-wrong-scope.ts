import { grantPull } from '../../remedies/grant-pull.ts';
import { type Check, fail, skip } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { grantEvidence, grantsShowing } from './grant-facts.ts';

export const grantAtWrongScope: Check = {
  id: 'B3',
  link: 'grant',
  confidence: 'verdict',
  title: 'The pull role is granted, but not at this registry',
  why: 'A role counts at its scope and below. Granted at the app, at another registry or another group, it never reaches this registry.',
  frequency: 'common',
  seenAs: refusals,
  judge: (view) => {
    const elsewhere = grantsShowing(view, 'B3');
    if (!elsewhere) return skip('does not apply');
    return fail(
      'the identity holds a pull role, but at a scope that does not contain the registry',
      ...elsewhere.map(grantEvidence),
    );
  },
  remedies: [grantPull],
  docs: 'https://learn.microsoft.com/azure/role-based-access-control/scope-overview',
};
