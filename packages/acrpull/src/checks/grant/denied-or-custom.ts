import { deniesPull, reaches } from '../../pull-path/permissions.ts';
import { liftDenial } from '../../remedies/by-hand/grant.ts';
import { type Check, skip, warn } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { grantFacts } from './grant-facts.ts';

/**
 * Source: MicrosoftDocs/azure-docs role-based-access-control/deny-assignments.md
 * That the registry heeds them is documented nowhere.
 */
export const deniedOrCustom: Check = {
  id: 'B13',
  link: 'grant',
  confidence: 'hint',
  title: 'A deny assignment, or a custom role without the pull',
  why: 'A deny assignment takes away what a role gives; only Azure itself makes one that denies a read, for a managed application. A custom role gives only what it lists: to pull it needs registries/pull/read, in ABAC mode repositories/content/read.',
  frequency: 'rare',
  seenAs: refusals,
  judge: (view) => {
    const facts = grantFacts(view);
    if (!facts.ready || !view.grants?.known) return skip('no grant is known');
    const { registry, principalId } = facts;
    // Whatever holds a grant of the principal's beside itself is a group that it is in.
    const ids = [principalId, ...view.grants.value.map((grant) => grant.principalId)];
    const denied = registry.denyAssignments.known
      ? registry.denyAssignments.value.filter((it) => deniesPull(it, ids, registry))
      : [];
    const custom =
      facts.missing?.cause === 'B2'
        ? facts.missing.grants.filter((grant) => grant.role.isCustom && reaches(grant, registry.id))
        : [];
    if (denied.length + custom.length === 0) return skip('neither is there');
    return warn(
      denied.length > 0
        ? 'a deny assignment takes the pull away from the identity'
        : 'the identity holds a custom role at the registry that does not include the pull',
      ...denied.map(({ id, name, scope }) => ({
        property: 'denyAssignment',
        value: `${name} at ${scope}`,
        resource: id,
      })),
      ...custom.map(({ id, role }) => ({
        property: `actions of ${role.name}`,
        value: role.permissions.flatMap((it) => [...it.actions, ...it.dataActions]).join(', ') || 'none',
        resource: id,
      })),
    );
  },
  remedies: [liftDenial],
  docs: 'https://learn.microsoft.com/azure/role-based-access-control/deny-assignments',
};
