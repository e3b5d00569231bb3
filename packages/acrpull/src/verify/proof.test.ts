import { expect, test } from 'vitest';
import { healthySite, snapshotOf } from '../../test/snapshots.ts';
import { diagnose } from '../checks/diagnose.ts';
import { known, type SiteFacts } from '../pull-path/snapshot.ts';
import type { Outcome } from './outcome.ts';
import { isProven } from './proof.ts';

const serving: Outcome = { kind: 'serving', digest: null, status: 200, firstLine: 'hello' };
const flagOff = known({
  linuxFxVersion: 'DOCKER|hoge.azurecr.io/app:0.1.0',
  acrUseManagedIdentityCreds: false,
  acrUserManagedIdentityID: null,
});

test.each<[string, Partial<SiteFacts>, Outcome, boolean]>([
  ['serving, pulled with the identity', {}, serving, true],
  ['serving, but pulled with a stored password', { config: flagOff }, serving, false],
  ['not answering', {}, { kind: 'not-answering', digest: null, reason: 'exited' }, false],
  ['not started', {}, { kind: 'not-started', digest: null, reason: 'no container engine' }, false],
])('%s', (_, changes, outcome, proven) => {
  const [diagnosis] = diagnose(snapshotOf([{ ...healthySite(), ...changes }]));
  const verified = { outcome, attempts: 1, elapsedMs: 1 };
  expect(isProven({ diagnosis: diagnosis!, verified })).toBe(proven);
});
