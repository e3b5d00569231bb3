import { expect, test } from 'vitest';
import { type Changes, snapshotOf } from '../../test/snapshots.ts';
import { diagnose } from '../checks/diagnose.ts';
import type { Outcome } from './outcome.ts';
import { isProven } from './proof.ts';

const serving: Outcome = { kind: 'serving', digest: null, status: 200, firstLine: 'hello', shut: null };
const flagOff = { config: { acrUseManagedIdentityCreds: false } };

test.each<[string, Changes, Outcome, boolean, string[]?]>([
  ['serving, pulled with the identity', {}, serving, true],
  ['serving, but pulled with a stored password', { site: flagOff }, serving, false],
  ['not answering', {}, { kind: 'not-answering', digest: null, reason: 'exited' }, false],
  ['not started', {}, { kind: 'not-started', digest: null, reason: 'no container engine' }, false],
  ['serving, while something is left open', {}, serving, false, ['the pull on 2 of 3 instances']],
])('%s', (_, changes, outcome, proven, open = []) => {
  const diagnosis = diagnose(snapshotOf(changes))[0]!;
  expect(isProven({ outcome, diagnosis, open, attempts: 1, elapsedMs: 1, instances: null })).toBe(proven);
});
