import { raiseTier } from '../../remedies/by-hand/registry.ts';
import type { Cause } from '../cause.ts';
import { throttled, tooManyRequests } from '../log-text.ts';
import { tier } from '../look-at-link.ts';
import { registryTiers } from '../pages.ts';

export const registryThrottles: Cause = {
  id: 'E9',
  link: 'manifest',
  confidence: 'hidden',
  title: 'More pulls at once than the registry’s tier allows',
  why: 'Each tier has its rate of reads. Many instances that start at the same time, each with many layers, exceed it.',
  frequency: 'rare',
  seenAs: [throttled, tooManyRequests],
  shownBy: 'The log has 429 while many instances start; the registry’s metrics show the pulls.',
  look: tier,
  remedies: [raiseTier],
  docs: registryTiers,
};
