import { azSite } from '../../pull-path/site-view.ts';
import { recreateWebhook } from '../../remedies/by-hand/webhook.ts';
import { type Check, skip, warn } from '../cause.ts';
import { webhookPulls } from '../pages.ts';
import { webhookEvidence, webhooksAnswered } from './webhook-facts.ts';

export const webhookUnauthorized: Check = {
  id: 'F3',
  link: 'start',
  confidence: 'hint',
  title: 'The registry’s webhook is answered with 401, so that no new image is ever pulled',
  why: 'Its URL holds the publishing credentials of the site. With basic authentication of the scm host turned off when the URL was made they do not hold, and turning it on does not make the URL anew.',
  frequency: 'common',
  seenAs: [],
  judge: (view) => {
    const refused = webhooksAnswered(view, '401');
    if (refused.length === 0) return skip('no webhook was refused');
    return warn('a push does not reach the site: it refuses the webhook', ...refused.map(webhookEvidence));
  },
  remedies: [recreateWebhook],
  lookAlikes: {
    ids: ['F4'],
    commands: (view) => [
      `az resource show --ids ${view.site.id}/basicPublishingCredentialsPolicies/scm --api-version 2023-12-01 --query properties.allow`,
      `az webapp deployment container show-cd-url ${azSite(view)} --query DOCKER_ENABLE_CI`,
    ],
  },
  docs: webhookPulls,
};
