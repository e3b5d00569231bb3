import { grantPull } from '../../remedies/grant-pull.ts';
import type { Cause } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { rbacTroubleshooting } from '../pages.ts';

export const assignmentFailed: Cause = {
  id: 'B8',
  link: 'grant',
  confidence: 'hidden',
  title: 'The role assignment failed, and the pipeline went on',
  why: 'A new principal is not everywhere at once: an assignment that looks it up may end with PrincipalNotFound. With principalType ServicePrincipal it is not looked up.',
  frequency: 'common',
  seenAs: refusals,
  shownBy:
    'The grant is missing, which doctor reports as B2; why it was not made stands in the deployment, or in the activity log.',
  remedies: [grantPull],
  docs: `${rbacTroubleshooting}#symptom---assigning-a-role-to-a-new-principal-sometimes-fails`,
};
