import { expect, test } from 'vitest';
import { type Changes, grantOf, snapshotOf, takenOn } from '../../test/snapshots.ts';
import { diagnose } from '../checks/diagnose.ts';
import { known, unknown } from '../pull-path/snapshot.ts';
import type { PullCause } from './log-lines.ts';
import { nextStep } from './next-step.ts';
import type { Outcome } from './outcome.ts';

const now = Date.parse(takenOn);
const granted = (minutesAgo: number): Changes => ({
  grants: [grantOf({ createdOn: new Date(now - minutesAgo * 60_000).toISOString() })],
});
const refused = (cause: PullCause): Outcome => ({
  kind: 'refused',
  cause,
  text: 'unauthorized: authentication required',
  localCopyServes: false,
});
const serving: Outcome = { kind: 'serving', digest: null, status: 200, firstLine: '', shut: null };
const unread = unknown({ kind: 'unreachable', message: 'no', resource: 'x' });

test.each<[string, Outcome, Changes, because: RegExp, next: RegExp]>([
  [
    'a broken link explains a refusal',
    refused('unauthorized'),
    { grants: [] },
    /^B2 /,
    /^acrpull fix hoge-app$/,
  ],
  [
    'what only a person can mend',
    refused('manifest-unknown'),
    { manifest: known(null) },
    /^E1 /,
    /^az acr repository/,
  ],
  [
    'a young grant is propagation',
    refused('unauthorized'),
    granted(4),
    /4 min 0 s old: Azure may take 30 min/,
    /--timeout 1800/,
  ],
  [
    'an old one is not',
    refused('unauthorized'),
    granted(31),
    /too old for this to be propagation; .*what changed since/,
    /az acr check-health -n hoge/,
  ],
  [
    'what a check hints at and the log’s words fit is likelier',
    refused('unauthorized'),
    { grants: [grantOf({ principalId: 'a group' })] },
    /too old for this to be propagation; next suspect: C2 .*member of a group/,
    /^acrpull fix hoge-app$/,
  ],
  [
    'what could not be read is suspected first',
    refused('unauthorized'),
    { ...granted(31), manifest: unread },
    /too old .* could not be read/,
    /^acrpull doctor/,
  ],
  [
    'a firewall says nothing of grants',
    refused('firewall'),
    granted(31),
    /^next suspect: .*network rules/,
    /az acr network-rule list -n hoge/,
  ],
  [
    'a stopped site',
    { kind: 'nothing-happened', reason: '', stopped: true },
    {},
    /^$/,
    /^az webapp start -g blog -n hoge-app$/,
  ],
  [
    'a site that is blocked',
    { kind: 'nothing-happened', reason: '', stopped: false },
    { site: { siteStatus: known([{ instanceId: 'i', state: 'Blocked', lastError: 'ImagePullFailure' }]) } },
    /^C4 /,
    /^az webapp restart/,
  ],
  [
    'a container that does not answer',
    { kind: 'not-answering', digest: null, reason: '' },
    {},
    /^$/,
    /^az webapp log tail/,
  ],
  [
    'serving without an identity',
    serving,
    { site: { config: { acrUseManagedIdentityCreds: false } } },
    /^A1 /,
    /^acrpull fix/,
  ],
  ['proven: nothing is left to do', serving, {}, /^$/, /^$/],
  [
    'what Azure refused with',
    { kind: 'could-not-run', message: '', resource: null, next: 'ask an owner' },
    {},
    /^$/,
    /^ask an owner$/,
  ],
])('%s', (_, outcome, changes, because, next) => {
  const diagnosis = diagnose(snapshotOf(changes))[0]!;
  const step = nextStep({ outcome, diagnosis, attempts: 1, elapsedMs: 1, instances: null, open: [] }, now);
  expect(step.because ?? '').toMatch(because);
  expect(step.next ?? '').toMatch(next);
});
