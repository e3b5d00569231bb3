import type { Clock } from '../clock.ts';
import { AzureError } from './azure-error.ts';
import { type Bucket, type BucketLimit, refill, secondsUntilToken } from './token-bucket.ts';

/** Counts what callers ask of Resource Manager, and refuses what is too much. */
export interface RateLimits {
  /**
   * Takes one request off what its caller has left, for the path's subscription or, above those, for the tenant.
   * Returns the headers that say how much that still is. Throws Azure's refusal when it was nothing.
   */
  take(principalId: string, method: string, segments: readonly string[]): Record<string, string>;
}

type Kind = 'reads' | 'writes' | 'deletes';

/**
 * Of one principal, in a subscription and above. All principals together have 15 times as much in a subscription.
 * Source: learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
 */
const limits: Record<Kind, BucketLimit> = {
  reads: { size: 250, refillPerSecond: 25 },
  writes: { size: 200, refillPerSecond: 10 },
  deletes: { size: 200, refillPerSecond: 10 },
};
const globalFactor = 15;

const globalLimit = ({ size, refillPerSecond }: BucketLimit): BucketLimit => ({
  size: globalFactor * size,
  refillPerSecond: globalFactor * refillPerSecond,
});

/** More principals than that, and those who are full again are forgotten. */
const maxBuckets = 10_000;

/** `enforced` false counts and refuses nobody. */
export function createRateLimits(clock: Clock, enforced: boolean): RateLimits {
  const buckets = new Map<string, Bucket>();

  function forgetFull(now: number): void {
    // The slowest bucket is full after 20 seconds, the global ones alike.
    for (const [key, { at }] of buckets) if (now - at > 20_000) buckets.delete(key);
  }

  return {
    take(principalId, method, segments) {
      const now = clock.now();
      const kind = kindOf(method);
      const inSubscription = segments[0]?.toLowerCase() === 'subscriptions' && segments[1] !== undefined;
      const scope = inSubscription ? 'subscription' : 'tenant';
      const name = `x-ms-ratelimit-remaining-${scope}`;
      const counted = [
        { header: `${name}-${kind}`, key: `${scope} ${kind} ${principalId}`, limit: limits[kind] },
        ...(inSubscription
          ? [{ header: `${name}-global-${kind}`, key: kind, limit: globalLimit(limits[kind]) }]
          : []),
      ].map((one) => ({ ...one, bucket: refill(one.limit, buckets.get(one.key), now) }));

      const waits = counted.map(({ limit, bucket }) => secondsUntilToken(limit, bucket));
      const wait = Math.max(...waits);
      if (wait > 0 && enforced) {
        throw throttled(inSubscription ? segments[1] : undefined, kind, principalId, wait);
      }
      if (buckets.size > maxBuckets) forgetFull(now);
      return Object.fromEntries(
        counted.map(({ header, key, bucket }) => {
          const tokens = Math.max(0, bucket.tokens - 1);
          buckets.set(key, { ...bucket, tokens });
          return [header, String(Math.floor(tokens))];
        }),
      );
    },
  };
}

function kindOf(method: string): Kind {
  if (method === 'DELETE') return 'deletes';
  return method === 'GET' || method === 'HEAD' ? 'reads' : 'writes';
}

/** The subscription's code and words are Azure's, as callers have reported them. */
const throttled = (subscriptionId: string | undefined, kind: Kind, actor: string, seconds: number) => {
  const [level, whose] = subscriptionId
    ? ['Subscription', `subscription '${subscriptionId}' actor '${actor}'`]
    : ['Tenant', `actor '${actor}'`];
  return new AzureError(
    429,
    `${level}RequestsThrottled`,
    `Number of '${kind.slice(0, -1)}' requests for ${whose} exceeded. Please try again after '${seconds}' seconds.`,
    { 'retry-after': String(seconds), [`x-ms-ratelimit-remaining-${level.toLowerCase()}-${kind}`]: '0' },
  );
};
