import { randomUUID } from 'node:crypto';
import type { RegistryEvent } from '../../registry/registry-events.ts';

/**
 * What a webhook posts.
 * Source: MicrosoftDocs/azure-management-docs articles/container-registry/container-registry-webhook-reference.md
 */
export interface EventContent {
  id: string;
  timestamp: string;
  action: string;
  target?: EventTarget;
  request?: RegistryEvent['request'];
}

export interface EventTarget {
  mediaType: string;
  /** In bytes, both. */
  size?: number | undefined;
  length?: number | undefined;
  digest: string;
  repository: string;
  tag?: string;
}

/** One per tag that a push has set, each with an id of its own. `now` in milliseconds. */
export function contentsOf(event: RegistryEvent, now: number): EventContent[] {
  const { action, mediaType, digest, repository, size, tags, request } = event;
  const content = (target: EventTarget) => ({ ...head(action, now), target, request });
  if (action === 'delete') return [content({ mediaType, digest, repository })];
  const pushed = { mediaType, size, digest, length: size, repository };
  return tags.length > 0 ? tags.map((tag) => content({ ...pushed, tag })) : [content(pushed)];
}

/** What `ping` posts. Source: azure-cli tests, recording test_acr_create_webhook.yaml */
export const pingContent = (now: number): EventContent => head('ping', now);

const head = (action: string, now: number) => ({
  id: randomUUID(),
  timestamp: new Date(now).toISOString(),
  action,
});
