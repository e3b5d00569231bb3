import { leastPullRole } from '../../pull-path/permissions.ts';
import { registryId } from '../../pull-path/site-view.ts';
import { grantPull } from '../../remedies/grant-pull.ts';
import { type Check, fail, pass, skip } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { registryRoles } from '../pages.ts';
import { grantFacts } from './grant-facts.ts';

export const noPullRole: Check = {
  id: 'B2',
  link: 'grant',
  confidence: 'verdict',
  title: 'The identity has no pull role on the registry',
  why: 'The registry knows the identity but gives it no right to pull, and answers "unauthorized: authentication required".',
  frequency: 'very common',
  seenAs: refusals,
  judge: (view) => {
    const facts = grantFacts(view);
    if (!facts.ready) return facts.verdict;
    const [held] = facts.pull;
    if (held) return pass(`${held.role.name} at ${held.scope}`);
    if (facts.missing?.cause !== 'B2') return skip(`see ${facts.missing?.cause}`);
    const roles = facts.missing.grants.map(({ role, scope }) => `${role.name} at ${scope}`).join('; ');
    return fail(
      `the identity holds no role that lets it pull (${leastPullRole(facts.registry).name} is the least)`,
      {
        property: `roleAssignments of ${facts.principalId}`,
        value: roles || 'none',
        resource: facts.registry.id,
      },
    );
  },
  remedies: [grantPull],
  // Whatever took the grant away, or kept it from being made, leaves the same nothing behind.
  lookAlikes: {
    ids: ['B6', 'B8', 'B9', 'B10'],
    commands: (view) => {
      const id = registryId(view);
      return [
        `az role assignment list --scope ${id} --include-inherited -o table   # no name: a deleted identity`,
        `az monitor activity-log list --resource-id ${id} --offset 30d --query "[].[eventTimestamp, caller, operationName.value, status.value]" -o tsv`,
      ];
    },
  },
  docs: registryRoles,
};
