import type { Agent } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { RegistryEvent } from '../../registry/registry-events.ts';
import type { Database } from '../../store/database.ts';
import type { Resources } from '../../store/resources.ts';
import { contentsOf, type EventContent, pingContent } from './webhook-content.ts';
import { createWebhookEvents, type WebhookEvent } from './webhook-events.ts';
import { type WebhookBody, type WebhookRecord, webhookType } from './webhook-model.ts';
import { postEvent } from './webhook-post.ts';
import { isInScope } from './webhook-scope.ts';

export interface WebhooksOptions {
  db: Database;
  clock: Clock;
  resources: Resources;
  /** The agent for a URL, `false` for none. Throws why a host cannot be reached. */
  agentFor(url: URL): Agent | false;
  /** Told of an event that could not be recorded. */
  logError(message: string, error: unknown): void;
}

/** Tells the receivers of webhooks what happens in registries, and remembers what they answered. */
export interface Webhooks {
  /** Returns at once: whoever changed the registry does not wait for its webhooks. */
  onEvent(event: RegistryEvent): void;
  /** Posts a ping, also for a webhook that is disabled, and waits for the answer. Resolves to the event's id. */
  ping(webhook: WebhookRecord): Promise<string>;
  /** What was sent last, newest first. */
  events(webhookId: string): WebhookEvent[];
  /** Gives up what is not sent yet. */
  close(): Promise<void>;
}

export function createWebhooks({ db, clock, resources, agentFor, logError }: WebhooksOptions): Webhooks {
  const events = createWebhookEvents(db);
  const closing = new AbortController();
  /** The last post of each webhook that has any under way. */
  const underWay = new Map<string, Promise<void>>();

  async function post({ id, body }: WebhookRecord, content: EventContent): Promise<void> {
    events.add(id, await postEvent(body.properties, content, { clock, agentFor, signal: closing.signal }));
  }

  /** One after the other, so that a receiver hears of things in their order, and a slow one holds one connection. */
  function postLater(webhook: WebhookRecord, content: EventContent): void {
    const before = underWay.get(webhook.id) ?? Promise.resolve();
    const done = before
      .then(() => post(webhook, content))
      .catch((error) => {
        if (!closing.signal.aborted) logError(`An event of ${webhook.id} was not recorded`, error);
      })
      .then(() => {
        if (underWay.get(webhook.id) === done) underWay.delete(webhook.id);
      });
    underWay.set(webhook.id, done);
  }

  return {
    onEvent(event) {
      const registry = resources.getByHostName(event.registry);
      const webhooks = registry ? resources.list<WebhookBody>(registry.id, webhookType) : [];
      for (const webhook of webhooks) {
        const { status, actions, scope } = webhook.body.properties;
        if (status === 'disabled' || !actions.includes(event.action)) continue;
        for (const content of contentsOf(event, clock.now()))
          if (isInScope(scope, event.repository, content.target?.tag)) postLater(webhook, content);
      }
    },

    async ping(webhook) {
      const content = pingContent(clock.now());
      await post(webhook, content);
      return content.id;
    },

    events: events.list,

    async close() {
      closing.abort();
      await Promise.all(underWay.values());
    },
  };
}
