import type { SiteView } from '../../pull-path/site-view.ts';
import type { WebhookFacts } from '../../pull-path/snapshot.ts';
import type { Evidence } from '../cause.ts';

/** The webhooks of the image whose last event went to a host. */
export function webhooksTo({ webhooks }: SiteView, host: string): WebhookFacts[] {
  if (!webhooks?.known) return [];
  return webhooks.value.filter(({ lastEvent }) => lastEvent.known && lastEvent.value?.host === host);
}

/** Those that this site answered with a status of HTTP. */
export const webhooksAnswered = (view: SiteView, statusCode: string): WebhookFacts[] =>
  webhooksTo(view, view.site.scmHostName).filter(
    ({ lastEvent }) => lastEvent.known && lastEvent.value?.statusCode === statusCode,
  );

export const webhookEvidence = ({ id, scope, lastEvent }: WebhookFacts): Evidence => ({
  property: `last event of the webhook for ${scope || 'all images'}`,
  value:
    lastEvent.known && lastEvent.value
      ? `${lastEvent.value.statusCode} from ${lastEvent.value.host}`
      : 'not read',
  resource: id,
});
