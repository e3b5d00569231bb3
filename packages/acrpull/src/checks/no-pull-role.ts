import { leastPullRole } from '../pull-path/permissions.ts';
import { grantPull } from '../remedies/grant-pull.ts';
import { type Check, fail, pass, skip } from './check.ts';
import { grantFacts } from './grant-facts.ts';

export const noPullRole: Check = {
  id: 'B2',
  link: 'grant',
  title: 'The identity has no pull role on the registry',
  why: 'The registry knows the identity but gives it no right to pull, and answers "unauthorized: authentication required".',
  judge: (view) => {
    const facts = grantFacts(view);
    if (!facts.ready) return facts.verdict;
    const [held] = facts.pull;
    if (held) return pass(`${held.role.name} at ${held.scope}`);
    if (facts.elsewhere.length > 0) return skip('see B3: granted, but elsewhere');
    const roles = facts.all.map((grant) => `${grant.role.name} at ${grant.scope}`).join('; ') || 'none';
    return fail(
      `the identity holds no role that lets it pull (${leastPullRole(facts.registry).name} is the least)`,
      {
        property: `roleAssignments of ${facts.principalId}`,
        value: roles,
        resource: facts.registry.id,
      },
    );
  },
  remedies: [grantPull],
  docs: 'https://learn.microsoft.com/azure/container-registry/container-registry-roles',
};
