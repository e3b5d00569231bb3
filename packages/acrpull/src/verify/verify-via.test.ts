import { describe, expect, test } from 'vitest';
import { denied, grantOf, identityOf, type SiteChanges, snapshotOf } from '../../test/snapshots.ts';
import { diagnose } from '../checks/diagnose.ts';
import { type Fact, type Grant, known } from '../pull-path/snapshot.ts';
import type { Verified } from './verify-site.ts';
import { mayFollow, verifyVia } from './verify-via.ts';

const now = Date.parse('2026-01-01T12:00:00.000Z');
const minutes = (count: number) => count * 60_000;

interface Setting {
  site?: SiteChanges;
  /** The principal that pulls; both sites have the same one when this is left out. */
  principalId?: string;
  grants?: Fact<Grant[]>;
}

function diagnosisOf(slot: string | undefined, { site, principalId, grants }: Setting) {
  const identity = identityOf('system');
  if (principalId) identity.systemAssigned = { principalId };
  const snapshot = snapshotOf({ site: { ...(slot && { slot }), identity, ...site } });
  if (grants) snapshot.grants[identity.systemAssigned!.principalId] = grants;
  return diagnose(snapshot)[0]!;
}

/** With an identity of its own, granted so long ago. */
const own = (principalId: string, grantedMsAgo: number): Setting => ({
  principalId,
  grants: known([grantOf({ principalId, createdOn: new Date(now - grantedMsAgo).toISOString() })]),
});

test.each<[string, Setting, Setting, object]>([
  ['at once, when both pull as one', {}, {}, { go: true, waitMs: 0 }],
  ['at once, when its grant is the older one', own('a', 1000), own('b', 2000), { go: true, waitMs: 0 }],
  [
    'once its grant is as old as the other was',
    own('a', minutes(4)),
    own('b', minutes(1)),
    { go: true, waitMs: minutes(3) },
  ],
  [
    'at the latest when no grant is young',
    own('a', minutes(900)),
    own('b', minutes(29)),
    { go: true, waitMs: minutes(1) },
  ],
  [
    'not with a broken link',
    {},
    { grants: known([]) },
    { go: false, reason: expect.stringContaining('its grant') },
  ],
  [
    'not with a link that could not be read',
    {},
    { grants: denied('Microsoft.Authorization/roleAssignments/read') },
    { go: false, reason: expect.stringContaining('its grant') },
  ],
])('production follows %s', (_, slot, production, verdict) => {
  expect(mayFollow(diagnosisOf('staging', slot), diagnosisOf(undefined, production), now)).toEqual(verdict);
});

describe('the order', () => {
  const slot = diagnosisOf('staging', {});
  const production = diagnosisOf(undefined, {});
  const play = async (slotServes: boolean) => {
    const steps: string[] = [];
    const verified = (diagnosis: typeof slot, kind: 'serving' | 'left-alone'): Verified => ({
      outcome:
        kind === 'serving'
          ? { kind, digest: null, status: 200, firstLine: '', shut: null }
          : { kind, reason: 'not proven' },
      ...{ diagnosis, attempts: 1, elapsedMs: 1, instances: null, open: [] },
    });
    await verifyVia(slot, production, {
      verify: async (diagnosis) => {
        steps.push(`verify ${diagnosis.view.site.slot ?? 'production'}`);
        return verified(diagnosis, slotServes ? 'serving' : 'left-alone');
      },
      readAgain: async () => {
        steps.push('read production again');
        return production;
      },
      now: () => now,
      wait: async () => {},
      leaveAlone: (diagnosis) => {
        steps.push('leave production alone');
        return verified(diagnosis, 'left-alone');
      },
    });
    return steps;
  };

  test('is the slot, another look at production, production', async () => {
    expect(await play(true)).toEqual(['verify staging', 'read production again', 'verify production']);
  });
  test('ends with a slot that has proven nothing', async () => {
    expect(await play(false)).toEqual(['verify staging', 'leave production alone']);
  });
});
