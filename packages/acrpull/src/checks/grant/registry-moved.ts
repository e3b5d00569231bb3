import { grantPull } from '../../remedies/grant-pull.ts';
import { type Check, fail, skip } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { rbacTroubleshooting } from '../pages.ts';
import { grantEvidence, grantsShowing } from './grant-facts.ts';

export const registryMoved: Check = {
  id: 'B10',
  link: 'grant',
  confidence: 'verdict',
  title: 'The registry was moved or made anew, and its role assignments were not',
  why: 'Role assignments at a resource do not move with it: they stay behind at its former id, and every site that pulled from it stops at once.',
  frequency: 'occasional',
  seenAs: refusals,
  judge: (view) => {
    const former = grantsShowing(view, 'B10');
    if (!former || !view.registry?.known) return skip('does not apply');
    const { id } = view.registry.value;
    return fail(
      'the identity holds a pull role at the former id of the registry',
      { property: 'id', value: id, resource: id },
      ...former.map(grantEvidence),
    );
  },
  remedies: [grantPull],
  docs: `${rbacTroubleshooting}#symptom---role-assignment-isnt-moved-after-moving-a-resource`,
};
