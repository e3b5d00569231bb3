import { faultKind } from '../fault-kind.ts';
import { isBlobRead } from '../http-effect.ts';
import { bytesPerSecond } from '../parameters.ts';
import { registryRequests } from '../places.ts';

// Source of the bandwidths: docs.azure.cn/zh-CN/container-registry/container-registry-skus
export const slowPull = faultKind({
  name: 'slow-pull',
  does: 'The blobs of a registry come slowly.',
  standsFor: 'Each tier has its download bandwidth: 30, 60 or 100 Mbit/s in all.',
  limits: ['registry', 'host'],
  parameters: {
    rate: { is: bytesPerSecond, default: '3.75MB', meaning: 'bytes a second, for each blob' },
  },
  strikes: ({ rate }) => [
    registryRequests.struckBy((request) =>
      isBlobRead(request) ? { kind: 'slow', bytesPerSecond: rate } : undefined,
    ),
  ],
});
