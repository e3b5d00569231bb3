import { grantPull } from '../../remedies/grant-pull.ts';
import { type Check, fail, skip } from '../cause.ts';
import { noPermissionForManifest, refusals } from '../log-text.ts';
import { repositoryConditions } from '../pages.ts';
import { grantEvidence, grantsShowing } from './grant-facts.ts';

export const legacyRole: Check = {
  id: 'B4',
  link: 'grant',
  confidence: 'verdict',
  title: 'The registry is in ABAC mode, and the role is one of before',
  why: 'With roleAssignmentMode AbacRepositoryPermissions a registry honours neither AcrPull nor Reader, Contributor and Owner for its images: only the Container Registry Repository roles.',
  frequency: 'occasional',
  seenAs: [...refusals, noPermissionForManifest],
  judge: (view) => {
    const legacy = grantsShowing(view, 'B4');
    if (!legacy || !view.registry?.known) return skip('does not apply');
    const { id, roleAssignmentMode } = view.registry.value;
    return fail(
      'the registry is in ABAC mode, which does not honour the role that the identity holds',
      { property: 'properties.roleAssignmentMode', value: String(roleAssignmentMode), resource: id },
      ...legacy.map(grantEvidence),
    );
  },
  remedies: [grantPull],
  docs: repositoryConditions,
};
