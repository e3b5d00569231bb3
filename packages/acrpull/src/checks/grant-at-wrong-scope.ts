import { grantPull } from '../remedies/grant-pull.ts';
import { type Check, fail, skip } from './check.ts';
import { grantFacts } from './grant-facts.ts';

export const grantAtWrongScope: Check = {
  id: 'B3',
  link: 'grant',
  title: 'The pull role is granted, but not at this registry',
  why: 'A role counts at its scope and below. Granted at the app, at another registry or another group, it never reaches this registry.',
  judge: (view) => {
    const facts = grantFacts(view);
    if (!facts.ready || facts.pull.length > 0 || facts.elsewhere.length === 0) return skip('does not apply');
    return fail(
      'the identity holds a pull role, but at a scope that does not contain the registry',
      ...facts.elsewhere.map((grant) => ({
        property: 'roleAssignment.scope',
        value: `${grant.role.name} at ${grant.scope}`,
        resource: grant.id,
      })),
    );
  },
  remedies: [grantPull],
  docs: 'https://learn.microsoft.com/azure/role-based-access-control/scope-overview',
};
