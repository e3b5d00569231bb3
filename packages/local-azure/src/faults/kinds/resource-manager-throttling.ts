import { faultKind } from '../fault-kind.ts';
import { answer, type HttpOccasion } from '../http-effect.ts';
import { duration, positive, wholeNumber } from '../parameters.ts';
import { resourceManagerRequests } from '../places.ts';
import { createRateLimit } from '../rate-limit.ts';

// Source: learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
export const resourceManagerThrottling = faultKind({
  name: 'resource-manager-throttling',
  does: 'Resource Manager answers 429 with Retry-After to what goes beyond its bucket of requests.',
  standsFor:
    'Resource Manager lets a principal make 250 reads in a subscription at once, and 25 more each second.',
  limits: ['registry', 'site'],
  parameters: {
    bucket: { is: wholeNumber, default: '0', meaning: 'how many requests are let through at once' },
    refill: { is: positive, default: '25', meaning: 'how many more each second, up to the bucket' },
    'retry-after': {
      is: duration.optional(),
      meaning: 'what the answer asks for; when left out, until a request is free again',
    },
  },
  strikes: ({ bucket, refill, 'retry-after': retryAfter }) => {
    const limit = createRateLimit({ size: bucket, refillMs: 1000 / refill });
    return [
      resourceManagerRequests.struckBy((request, now) => {
        const waitMs = limit.take(now);
        return waitMs === 0 ? undefined : refuse(request, Math.ceil((retryAfter ?? waitMs) / 1000));
      }),
    ];
  },
});

/** The wording, with the actor besides: MicrosoftDocs/SupportArticles-docs, "SubscriptionRequestsThrottled error code". */
function refuse({ method, path }: HttpOccasion, seconds: number) {
  const isRead = method === 'GET' || method === 'HEAD';
  const [, subscription] = /^\/subscriptions\/([^/]+)/i.exec(path) ?? [];
  return answer(
    429,
    {
      error: {
        code: subscription === undefined ? 'TenantRequestsThrottled' : 'SubscriptionRequestsThrottled',
        message:
          `Number of '${isRead ? 'read' : 'write'}' requests for ` +
          `${subscription === undefined ? 'the tenant' : `subscription '${subscription}'`} exceeded. ` +
          `Please try again after '${seconds}' seconds.`,
      },
    },
    {
      'retry-after': String(seconds),
      [`x-ms-ratelimit-remaining-${subscription === undefined ? 'tenant' : 'subscription'}-${isRead ? 'reads' : 'writes'}`]:
        '0',
    },
  );
}
