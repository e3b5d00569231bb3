import { propagationWindowMs } from '../../pull-path/propagation.ts';
import { waitForPropagation } from '../../remedies/by-hand/grant.ts';
import { type Check, skip, warn } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { rbacTroubleshooting } from '../pages.ts';
import { grantFacts, oldestOf } from './grant-facts.ts';

export const grantIsYoung: Check = {
  id: 'C1',
  link: 'grant',
  confidence: 'verdict',
  title: 'The grant is young',
  why: 'Azure honours a new role assignment after a while: mostly within five minutes, by its own word within thirty. Until then pulls are refused as if it were missing.',
  frequency: 'very common',
  seenAs: refusals,
  judge: (view) => {
    const facts = grantFacts(view);
    const oldest = facts.ready ? oldestOf(facts.pull, Date.parse(view.snapshot.takenOn)) : undefined;
    if (!oldest) return skip('nothing is granted');
    const { grant, ageMs } = oldest;
    if (ageMs >= propagationWindowMs) return skip('an older grant counts');
    const seconds = Math.max(0, Math.round(ageMs / 1000));
    const age = seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
    return warn(`granted ${age} ago; Azure may not honour it yet, which verify finds out`, {
      property: 'roleAssignment.createdOn',
      value: String(grant.createdOn),
      resource: grant.id,
    });
  },
  remedies: [waitForPropagation],
  docs: `${rbacTroubleshooting}#symptom---role-assignment-changes-are-not-being-detected`,
};
