import { includesPull } from '../../pull-path/permissions.ts';
import { deleteOrphans } from '../../remedies/by-hand/grant.ts';
import { grantPull } from '../../remedies/grant-pull.ts';
import { type Check, skip, warn } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { rbacTroubleshooting } from '../pages.ts';
import { grantFacts } from './grant-facts.ts';

/** A hint: that an identity had a predecessor, and which, no interface tells. The missing grant itself is B2. */
export const principalRecreated: Check = {
  id: 'B6',
  link: 'grant',
  confidence: 'hint',
  title: 'The role is held by an identity that is deleted',
  why: 'A slot that is torn down and made anew, or an identity that is turned off and on, has a new principal. The grant stays with the old one, so that a pull that used to work does no more.',
  frequency: 'very common',
  seenAs: refusals,
  judge: (view) => {
    const facts = grantFacts(view);
    if (!facts.ready || facts.missing?.cause !== 'B2') return skip('no grant is missing');
    const { registry } = facts;
    const orphans = registry.orphans.known
      ? registry.orphans.value.filter(({ role }) => includesPull(role, registry))
      : [];
    if (orphans.length === 0) return skip('no role of a deleted identity is known');
    return warn(
      'a pull role of a deleted identity is still there: this identity was probably made anew',
      ...orphans.map(({ id, principalId, role }) => ({
        property: 'roleAssignment.principalId',
        value: `${principalId} (deleted), ${role.name}`,
        resource: id,
      })),
    );
  },
  remedies: [grantPull, deleteOrphans],
  docs: `${rbacTroubleshooting}#symptom---role-assignments-with-identity-not-found`,
};
