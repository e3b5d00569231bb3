import { grantPull } from '../../remedies/grant-pull.ts';
import { type Check, skip, warn } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { rbacTroubleshooting } from '../pages.ts';
import { grantEvidence, grantFacts } from './grant-facts.ts';

/** Source: MicrosoftDocs/azure-docs role-based-access-control/troubleshooting.md, "a cache … for around 24 hours" */
export const grantThroughGroup: Check = {
  id: 'C2',
  link: 'grant',
  confidence: 'verdict',
  title: 'The role is held by a group',
  why: 'Which groups a managed identity is in is remembered for around 24 hours, and nothing refreshes it: for that long a new member is refused.',
  frequency: 'occasional',
  seenAs: refusals,
  judge: (view) => {
    const facts = grantFacts(view);
    if (!facts.ready || facts.pull.length === 0) return skip('nothing is granted');
    const own = facts.principalId.toLowerCase();
    if (facts.pull.some(({ principalId }) => principalId.toLowerCase() === own))
      return skip('the identity holds a role itself');
    return warn(
      'the identity may pull only as a member of a group, which may take a day to count',
      ...facts.pull.map((grant) => ({
        ...grantEvidence(grant),
        property: `roleAssignment of group ${grant.principalId}`,
      })),
    );
  },
  remedies: [grantPull],
  docs: `${rbacTroubleshooting}#symptom---role-assignment-changes-are-not-being-detected`,
};
