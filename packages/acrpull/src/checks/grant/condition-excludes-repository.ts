import { widenCondition } from '../../remedies/widen-condition.ts';
import { type Check, cannotTell, fail, skip } from '../cause.ts';
import { noPermissionForManifest, refusals } from '../log-text.ts';
import { repositoryConditions } from '../pages.ts';
import { grantsShowing, isUndecided } from './grant-facts.ts';

export const conditionExcludesRepository: Check = {
  id: 'B4b',
  link: 'grant',
  confidence: 'verdict',
  title: 'The condition of the role excludes the repository',
  why: 'A role assignment may be good for some repositories only. For the others it is as if it were not there.',
  frequency: 'rare',
  seenAs: [noPermissionForManifest, ...refusals],
  judge: (view) => {
    const conditional = grantsShowing(view, 'B4b');
    const { azureImage, registry } = view;
    if (!conditional || !azureImage || !registry?.known) return skip('does not apply');
    const { repository } = azureImage;
    const undecided = conditional.find((grant) => isUndecided(grant, registry.value, repository));
    if (undecided) {
      const message = `whether its condition includes ${repository} cannot be told: ${undecided.condition}`;
      return cannotTell(message, { kind: 'not-read', message, resource: undecided.id });
    }
    return fail(
      `the role of the identity is not for the repository ${repository}`,
      ...conditional.map(({ id, condition }) => ({
        property: 'roleAssignment.condition',
        value: String(condition),
        resource: id,
      })),
    );
  },
  remedies: [widenCondition],
  docs: repositoryConditions,
};
