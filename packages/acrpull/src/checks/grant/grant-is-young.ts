import { propagationWindowMs } from '../../pull-path/propagation.ts';
import { waitForPropagation } from '../../remedies/by-hand/grant.ts';
import { type Check, skip, warn } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { rbacTroubleshooting } from '../pages.ts';
import { grantFacts } from './grant-facts.ts';

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
    if (!facts.ready || facts.pull.length === 0) return skip('nothing is granted');
    const takenOn = Date.parse(view.snapshot.takenOn);
    const ages = facts.pull.map(({ createdOn }) => (createdOn ? takenOn - Date.parse(createdOn) : Infinity));
    if (ages.some((age) => age >= propagationWindowMs)) return skip('an older grant counts');
    const oldest = facts.pull[ages.indexOf(Math.max(...ages))]!;
    const seconds = Math.max(0, Math.round(Math.max(...ages) / 1000));
    return warn(`granted ${seconds} s ago; Azure may not honour it yet, which verify finds out`, {
      property: 'roleAssignment.createdOn',
      value: String(oldest.createdOn),
      resource: oldest.id,
    });
  },
  remedies: [waitForPropagation],
  docs: `${rbacTroubleshooting}#symptom---role-assignment-changes-are-not-being-detected`,
};
