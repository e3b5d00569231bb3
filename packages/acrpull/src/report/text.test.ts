import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reportFor } from '../../test/reports.ts';
import { type Changes, customRole, denied, grantOf, identityOf, takenOn } from '../../test/snapshots.ts';
import { known, unknown } from '../pull-path/snapshot.ts';
import { duration, wrap } from './style.ts';
import { textReport } from './text.ts';

const textFor = (changes: Changes) => stripVTControlCharacters(textReport(reportFor(changes)));

describe('the report', () => {
  test('marks the first broken link, and shows evidence and what mends it, in three languages', () => {
    const text = textFor({ sites: [{}, { slot: 'staging', identity: identityOf() }] });
    expect(text).toMatch(/✘ identity .* ← first broken link/);
    expect(text).toContain('evidence  identity.type = None');
    expect(text).toContain('mend      az webapp identity assign -g blog -n hoge-app --slot staging');
    expect(text).toContain("Bicep     identity: { type: 'SystemAssigned' } // in Microsoft.Web/sites/slots");
    expect(text).toContain('Terraform identity { type = "SystemAssigned" } # in azurerm_linux_web_app_slot');
    expect(text).toContain('1 of 2 sites cannot pull. First broken link: hoge-app/staging: identity.');
  });

  test('says which action was denied and the least role that has it', () => {
    const action = 'Microsoft.Authorization/roleAssignments/read';
    const report = reportFor({ grants: denied(action) });
    expect(report.ok).toBe(false);
    expect(stripVTControlCharacters(textReport(report))).toContain(`needs     ${action}: Reader`);
  });

  test('says what is a consequence, and of which link', () => {
    const message = 'no registry that you can see';
    const registry = unknown({ kind: 'not-visible', message, resource: 'hoge.azurecr.io' });
    const { findings } = reportFor({ registry }).sites[0]!;
    expect(findings.map(({ id, consequenceOf }) => [id, consequenceOf])).toEqual([
      ['B12', null],
      ['B2', 'registry'],
      ['D1', 'registry'],
    ]);
    expect(textFor({ registry })).toContain('mend the link registry');
  });

  test('says what is a hint only, and how to tell look-alikes apart', () => {
    const text = textFor({ grants: [grantOf({ role: customRole })] });
    expect(text).toMatch(/B13 .* a hint: it may be so/);
    expect(text).toMatch(
      /or else +B6, B8, B9, B10 look the same; what tells them apart:\s+az role assignment list/,
    );
  });

  test('of one look-alike alone, says that it looks the same', () => {
    expect(textFor({ manifest: known(null) })).toContain('B14 looks the same; what tells them apart:');
  });

  test('of a young grant of a slot, says how old it is and proves that slot alone', () => {
    const createdOn = new Date(Date.parse(takenOn) - 830_000).toISOString();
    const text = textFor({ site: { slot: 'staging' }, grants: [grantOf({ createdOn })] });
    expect(text).toContain('granted 13 min ago;');
    expect(text).toMatch(/mend +acrpull verify hoge-app --slot staging\n/);
  });

  test('holds no app setting but the name of a host', () => {
    const appSettings = { registryHost: 'hoge.azurecr.io', username: 'other', password: true } as const;
    const [finding] = reportFor({ site: { appSettings } }).sites[0]!.findings;
    expect(finding?.evidence.at(-1)?.value).toBe(
      'DOCKER_REGISTRY_SERVER_URL (hoge.azurecr.io), DOCKER_REGISTRY_SERVER_USERNAME, DOCKER_REGISTRY_SERVER_PASSWORD',
    );
  });

  test('does not let a name steer the terminal', () => {
    const text = textFor({ site: { hostName: 'a\u{1b}]0;title\u{7}\r\u{1b}[2J\u{9b}b' } });
    expect(text).toContain('https://a\u{fffd}]0;title\u{fffd}\u{fffd}\u{fffd}[2J\u{fffd}b');
  });

  test('ends with what to do next', () => {
    expect(textFor({})).toContain('All links hold in 1 site.\nNext: acrpull verify hoge-app');
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
