import type { Instance } from '../azure/site-runtime.ts';
import { type Attempt, newAttempt } from './attempt.ts';

/** On how many of a site's instances the pull was seen to succeed. */
export interface InstancesProven {
  count: number;
  proven: number;
}

/**
 * What the starts on several instances come to, by the log of each machine: refused when one is, ready when all are.
 * Where Azure does not say which machine an instance is, or by other names, any machine that tells of this start counts.
 */
export function acrossInstances(
  instances: Instance[],
  attempts: ReadonlyMap<string, Attempt>,
): Attempt & InstancesProven {
  const byName = instances.map(({ machineName = '' }) => attempts.get(machineName));
  const own = byName.some((attempt) => attempt !== undefined)
    ? byName.map((attempt) => attempt ?? newAttempt)
    : [...attempts.values()].filter(({ pulling }) => pulling);
  const count = instances.length;
  const proven = own.filter(({ decided }) => decided === 'ready').length;
  const failed = own.find(({ decided }) => decided !== undefined && decided !== 'ready');
  const slowest = own.find(({ decided }) => decided === undefined) ?? newAttempt;
  const { digest } = own.find((attempt) => attempt.digest !== null) ?? newAttempt;
  const seen = { count, proven, digest };
  if (failed) return { ...failed, ...seen };
  if (proven >= count) return { ...own[0]!, ...seen };
  return { ...slowest, ...seen, waitsFor: `${slowest.waitsFor} (${proven} of ${count} instances done)` };
}
