import { pullTagAgain } from '../../remedies/by-hand/webhook.ts';
import type { Cause } from '../cause.ts';
import { webhookPulls } from '../pages.ts';

export const sameTagPushed: Cause = {
  id: 'F5',
  link: 'start',
  confidence: 'hidden',
  title: 'The same tag was pushed again, and the site was not restarted',
  why: 'A site looks for its image when it starts, and not when somebody pushes: it goes on with the former one.',
  frequency: 'common',
  seenAs: [],
  shownBy:
    'The site runs an older digest than the tag has, which no interface shows; `acrpull verify --digest` proves which one it pulls.',
  remedies: [pullTagAgain],
  docs: webhookPulls,
};
