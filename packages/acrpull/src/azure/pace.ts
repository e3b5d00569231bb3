import type { PipelineResponse } from '@azure/core-rest-pipeline';
import type { Clock } from '../clock.ts';
import type { Http } from './http.ts';
import { endpoint } from './resource-manager.ts';

/**
 * Keeps calls of Resource Manager within what it lets one principal do, so that none is refused: by its published
 * limits, and by what its answers say is left, since others may act in the same name.
 */
export interface Pace {
  /** The same calls, each when its turn has come. The wait is not part of a call's time limit. */
  keep(http: Http): Http;
  /** Takes note of an answer, also of one that is asked for again; of other hosts, none counts. */
  observe(answer: Pick<PipelineResponse, 'request' | 'status' | 'headers'>): void;
}

type Kind = 'reads' | 'writes' | 'deletes';

/**
 * In each subscription, and above them. Source: MicrosoftDocs/azure-docs
 * azure-resource-manager/management/request-limits-and-throttling.md, "Regional throttling and token bucket algorithm"
 */
const limits: Record<Kind, { size: number; refillPerSecond: number }> = {
  reads: { size: 250, refillPerSecond: 25 },
  writes: { size: 200, refillPerSecond: 10 },
  deletes: { size: 200, refillPerSecond: 10 },
};

/** How often a call that is refused all the same takes its turn again, each with the retries of its own. */
const maxTurns = 5;

interface Bucket {
  /** Below zero: so many calls wait for theirs. */
  tokens: number;
  filledOn: number;
  /** Calls that have taken theirs and have no answer. */
  underWay: number;
}

/** `onHold` is told how long a call has to wait. */
export function createPace(clock: Clock, onHold: (ms: number) => void = () => {}): Pace {
  const buckets = new Map<string, Bucket>();

  function filled(key: string, kind: Kind): Bucket {
    const { size, refillPerSecond } = limits[kind];
    const now = clock.now();
    const bucket = buckets.get(key) ?? { tokens: size, filledOn: now, underWay: 0 };
    bucket.tokens = Math.min(size, bucket.tokens + ((now - bucket.filledOn) / 1000) * refillPerSecond);
    bucket.filledOn = now;
    buckets.set(key, bucket);
    return bucket;
  }

  const keep =
    (http: Http): Http =>
    async (method, url, options = {}) => {
      const { key, kind } = bucketOf(method, url);
      for (let turn = 1; ; turn++) {
        const bucket = filled(key, kind);
        bucket.tokens -= 1;
        bucket.underWay += 1;
        try {
          const ms = Math.max(0, (-bucket.tokens / limits[kind].refillPerSecond) * 1000);
          if (ms > 0) {
            onHold(ms);
            await clock.sleep(ms, options.signal);
          }
          const response = await http(method, url, options);
          const isWorthAnother = response.status === 429 && response.headers.has('retry-after');
          if (!isWorthAnother || turn === maxTurns) return response;
        } finally {
          bucket.underWay -= 1;
        }
      }
    };

  return {
    keep,
    observe({ request, status, headers }) {
      if (!request.url.startsWith(`${endpoint}/`)) return;
      const { key, kind } = bucketOf(request.method, request.url);
      const bucket = filled(key, kind);
      const left = [...headers].flatMap(([name, value]) => (isAbout(name, kind) ? [Number(value)] : []));
      // Those under way are not counted yet, but for the one that was answered.
      bucket.tokens = Math.min(bucket.tokens, Math.min(...left) - (bucket.underWay - 1));
      const seconds = Number(headers.get('retry-after') ?? 0);
      if (status === 429 && seconds > 0) {
        bucket.tokens = Math.min(bucket.tokens, -seconds * limits[kind].refillPerSecond);
      }
    },
  };
}

function bucketOf(method: string, url: string): { key: string; kind: Kind } {
  const [, subscriptionId] = /^\/subscriptions\/([^/]+)/i.exec(new URL(url).pathname) ?? [];
  const kind = kindOf(method);
  return { key: `${kind} ${subscriptionId?.toLowerCase() ?? 'tenant'}`, kind };
}

function kindOf(method: string): Kind {
  if (method === 'DELETE') return 'deletes';
  return method === 'GET' || method === 'HEAD' ? 'reads' : 'writes';
}

/** Source: the same page, "Remaining requests". */
const isAbout = (header: string, kind: Kind) =>
  /^x-ms-ratelimit-remaining-(subscription|tenant)(-global)?-(.+)$/.exec(header)?.[3] === kind;
