import type { Database } from '../../store/database.ts';
import type { EventContent } from './webhook-content.ts';

/** One attempt to tell a webhook's receiver. Source: azure-rest-api-specs containerregistry 2023-07-01 Event */
export interface WebhookEvent {
  id: string;
  eventRequestMessage: {
    content: EventContent;
    headers: Record<string, string>;
    method: 'POST';
    requestUri: string;
    /** Of HTTP. */
    version: string;
  };
  eventResponseMessage: EventResponseMessage;
}

export interface EventResponseMessage {
  content?: string;
  headers?: Record<string, string>;
  reasonPhrase: string;
  statusCode: string;
  version?: string;
}

/**
 * The last events of each webhook, in the database: they go when their webhook goes, and a restart loses none. Azure
 * does not say how many it keeps.
 */
export interface WebhookEvents {
  /** Newest first. */
  list(webhookId: string): WebhookEvent[];
  /** Nothing is kept of a webhook that has been deleted meanwhile. */
  add(webhookId: string, event: WebhookEvent): void;
}

const kept = 100;

export function createWebhookEvents(db: Database): WebhookEvents {
  const select = db.prepare('SELECT body FROM webhook_events WHERE webhook = ? ORDER BY number DESC');
  const insert = db.prepare(
    'INSERT INTO webhook_events (webhook, body) SELECT key, ?2 FROM resources WHERE key = ?1',
  );
  const trim = db.prepare(`
    DELETE FROM webhook_events WHERE webhook = ?1 AND number <=
      (SELECT number FROM webhook_events WHERE webhook = ?1 ORDER BY number DESC LIMIT 1 OFFSET ${kept})`);
  return {
    list: (webhookId) =>
      (select.all(webhookId.toLowerCase()) as { body: string }[]).map(({ body }) => JSON.parse(body)),
    add: (webhookId, event) => {
      insert.run(webhookId.toLowerCase(), JSON.stringify(event));
      trim.run(webhookId.toLowerCase());
    },
  };
}
