import { siteName } from '../../pull-path/site-view.ts';
import { tagPerSite } from '../../remedies/by-hand/webhook.ts';
import { type Check, skip, warn } from '../cause.ts';
import { webhookPulls } from '../pages.ts';
import { webhookEvidence, webhooksTo } from './webhook-facts.ts';

export const webhooksCross: Check = {
  id: 'F6',
  link: 'start',
  confidence: 'hint',
  title: 'One push restarts production and a slot alike',
  why: 'Both have a webhook for the same tag: what is pushed for the slot reaches production, too, unproven.',
  frequency: 'rare',
  seenAs: [],
  judge: (view) => {
    const { snapshot, site } = view;
    const own = webhooksTo(view, site.scmHostName);
    const others = snapshot.sites.filter(
      (it) => it.id !== site.id && webhooksTo(view, it.scmHostName).length > 0,
    );
    if (own.length === 0 || others.length === 0) return skip('a push concerns one site alone');
    const names = others.map((it) => siteName({ snapshot, site: it })).join(', ');
    return warn(`a push of this tag restarts ${names}, too`, ...own.map(webhookEvidence));
  },
  remedies: [tagPerSite],
  docs: webhookPulls,
};
