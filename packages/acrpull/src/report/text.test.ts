import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { healthySite, snapshotOf } from '../../test/snapshots.ts';
import { diagnose } from '../checks/diagnose.ts';
import { known, type SiteFacts, unknown } from '../pull-path/snapshot.ts';
import { reportOf } from './report.ts';
import { duration, wrap } from './style.ts';
import { textReport } from './text.ts';

const reportFor = (...sites: SiteFacts[]) => {
  const snapshot = snapshotOf(sites);
  return reportOf(snapshot, diagnose(snapshot));
};
const textFor = (...sites: SiteFacts[]) => stripVTControlCharacters(textReport(reportFor(...sites)));

describe('the report', () => {
  test('marks the first broken link, and shows evidence and the command that mends it', () => {
    const text = textFor(healthySite(), {
      ...healthySite('staging'),
      identity: { type: 'None', userAssigned: [] },
    });
    expect(text).toMatch(/✘ identity .* ← first broken link/);
    expect(text).toContain('evidence  identity.type = None');
    expect(text).toContain('mend      az webapp identity assign -g blog -n hoge-app --slot staging');
    expect(text).toContain('1 of 2 sites cannot pull. First broken link: hoge-app/staging: identity.');
  });

  test('says which action was denied and the least role that has it', () => {
    const action = 'Microsoft.Authorization/roleAssignments/read';
    const grants = unknown({ kind: 'denied', message: 'no', resource: '/subscriptions/s', action });
    const report = reportFor({ ...healthySite(), grants });
    expect(report.ok).toBe(false);
    expect(stripVTControlCharacters(textReport(report))).toContain(`needs     ${action}: Reader`);
  });

  test('holds no app setting: credentials are known as present or not', () => {
    const credentials = known({ username: true, password: true });
    expect(JSON.stringify(reportFor({ ...healthySite(), credentials }))).not.toMatch(/password/i);
  });

  test('ends with what to do next', () => {
    expect(textFor(healthySite())).toContain('All links hold in 1 site.\nNext: acrpull verify hoge-app');
  });
});

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1000, '1 s'],
  [59_400, '59 s'],
  [200_000, '3 min 20 s'],
])('%i ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

test('wrapping loses no word and keeps to the width where words allow it', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/)), (words) => {
      const wrapped = wrap(words.join(' '), '  ', 40);
      expect(wrapped.split(/\s+/).filter(Boolean)).toEqual(words);
      for (const line of wrapped.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
    }),
  );
});
