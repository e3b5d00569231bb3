import type { Instance } from '../azure/site-runtime.ts';
import { type Attempt, newAttempt } from './attempt.ts';

/** What the starts on several instances come to. */
export interface AcrossInstances {
  attempt: Attempt;
  /** On how many the pull was seen to succeed. */
  proven: number;
  /** The machine whose attempt decided it, when that failed. */
  failedOn: string | undefined;
}

/**
 * Refused when one instance is, ready when all are, by the log of each machine. Where Azure does not say which machine
 * an instance is, or by other names, any machine that tells of this start counts. Pure.
 */
export function acrossInstances(
  instances: Instance[],
  attempts: ReadonlyMap<string, Attempt>,
): AcrossInstances {
  const known = instances.some(({ machineName = '' }) => attempts.has(machineName));
  const own: [machine: string, Attempt][] = known
    ? instances.map(({ name, machineName = name }) => [machineName, attempts.get(machineName) ?? newAttempt])
    : [...attempts].filter(([, { pulling }]) => pulling);
  const proven = own.filter(([, { decided }]) => decided === 'ready').length;
  const digest = own.find(([, attempt]) => attempt.digest !== null)?.[1].digest ?? null;
  const [failedOn, failed] =
    own.find(([, { decided }]) => decided !== undefined && decided !== 'ready') ?? [];
  if (failed) return { attempt: failed, proven, failedOn };
  if (proven >= instances.length) {
    return { attempt: { ...own[0]![1], digest }, proven, failedOn: undefined };
  }
  const [, slowest] = own.find(([, { decided }]) => decided === undefined) ?? ['', newAttempt];
  const waitsFor = `${slowest.waitsFor} (${proven} of ${instances.length} instances done)`;
  return { attempt: { ...slowest, waitsFor }, proven, failedOn: undefined };
}
