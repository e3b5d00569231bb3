import { letWebhookIn } from '../../remedies/by-hand/webhook.ts';
import { type Check, skip, warn } from '../cause.ts';
import { webhookPulls } from '../pages.ts';
import { webhookEvidence, webhooksAnswered } from './webhook-facts.ts';

/** Sources: the page; Azure/acr issue 701 */
export const webhookForbidden: Check = {
  id: 'F4',
  link: 'start',
  confidence: 'hint',
  title: 'The registry’s webhook is answered with 403, so that no new image is ever pulled',
  why: 'Access restrictions or a private endpoint of the scm host keep the registry out, which calls over the internet.',
  frequency: 'occasional',
  seenAs: [],
  judge: (view) => {
    const refused = webhooksAnswered(view, '403');
    if (refused.length === 0) return skip('no webhook was kept out');
    return warn(
      'a push does not reach the site: its scm host lets nobody in',
      ...refused.map(webhookEvidence),
    );
  },
  remedies: [letWebhookIn],
  docs: webhookPulls,
};
