import { faultKind } from '../fault-kind.ts';
import { answer } from '../http-effect.ts';
import { duration, wholeNumber } from '../parameters.ts';
import { registryRequests } from '../places.ts';
import { createRateLimit } from '../rate-limit.ts';

/** Read operations a minute. Source: docs.azure.cn/zh-CN/container-registry/container-registry-skus */
const limitOf: Record<string, number> = { Basic: 1000, Standard: 3000, Premium: 10_000 };
const minute = 60_000;

export const registryThrottling = faultKind({
  name: 'registry-throttling',
  does: 'A registry answers 429 with Retry-After to what goes beyond its requests a minute.',
  standsFor: 'Each tier of a registry has its limits, which many workers that start at once can reach (E9).',
  limits: ['registry', 'host'],
  parameters: {
    limit: {
      is: wholeNumber.optional(),
      meaning: 'requests a minute, 0 for none; when left out, those of the tier: 1000, 3000 or 10000',
    },
    'retry-after': {
      is: duration.optional(),
      meaning: 'what the answer asks for; when left out, until a request is free again',
    },
  },
  strikes: ({ limit, 'retry-after': retryAfter }) => {
    const limits = new Map<string, ReturnType<typeof createRateLimit>>();
    return [
      registryRequests.struckBy(({ registry = '', sku = '' }, now) => {
        const size = limit ?? limitOf[sku] ?? 0;
        const used = limits.get(registry) ?? createRateLimit({ size, refillMs: minute / Math.max(size, 1) });
        limits.set(registry, used);
        const waitMs = used.take(now);
        return waitMs === 0 ? undefined : refuse(retryAfter ?? waitMs);
      }),
    ];
  },
});

/** The message: Azure/AKS issue 1400. */
const refuse = (waitMs: number) =>
  answer(
    429,
    {
      errors: [
        {
          code: 'TOOMANYREQUESTS',
          message:
            'Too many requests. Please visit https://aka.ms/acr/skus#sku-feature-matrix to view limits of all service tiers.',
        },
      ],
    },
    { 'retry-after': String(Math.ceil(waitMs / 1000)) },
  );
