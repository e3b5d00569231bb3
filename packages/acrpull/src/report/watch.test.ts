import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Changes, customRole, grantOf, identityOf, snapshotOf, takenOn } from '../../test/snapshots.ts';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { diagnose } from '../checks/diagnose.ts';
import { Failure } from '../failure.ts';
import { changesBetween } from './changes.ts';
import { type Report, reportOf } from './report.ts';
import { watch } from './watch.ts';
import { watchJson, watchText } from './watch-display.ts';

const reportFor = (changes: Changes): Report => {
  const snapshot = snapshotOf(changes);
  return reportOf(snapshot, diagnose(snapshot));
};
const noGrant = { grants: [] };
const flagOff = { config: { acrUseManagedIdentityCreds: false } };

describe('what changed', () => {
  test.each<[name: string, before: Changes, after: Changes, links: string[]]>([
    ['nothing', noGrant, noGrant, []],
    ['a link holds now', noGrant, {}, ['hoge-app grant fail pass']],
    ['a link is broken now', {}, { site: flagOff }, ['hoge-app flag pass fail']],
    [
      'a link is broken for another reason',
      noGrant,
      { grants: [grantOf({ scope: '/subscriptions/other' })] },
      ['hoge-app grant fail fail'],
    ],
    [
      'another cause beside the first',
      noGrant,
      { grants: [grantOf({ role: customRole })] },
      ['hoge-app grant fail fail'],
    ],
  ])('%s', (_, before, after, links) => {
    const changes = changesBetween(reportFor(before), reportFor(after));
    expect(changes.links.map((it) => [it.site, it.link, it.before, it.after].join(' '))).toEqual(links);
    expect(changes.gone).toEqual([]);
  });

  test('a grant that is young still is none', () => {
    const young = reportFor({ grants: [grantOf({ createdOn: takenOn })] });
    const older = reportFor({
      grants: [grantOf({ createdOn: takenOn })],
      takenOn: new Date(Date.parse(takenOn) + 30_000).toISOString(),
    });
    expect(older).not.toEqual(young);
    expect(changesBetween(young, older)).toEqual({ links: [], gone: [] });
  });

  test('a slot that is new, with each of its links, and one that is gone', () => {
    const [one, two] = [reportFor({}), reportFor({ sites: [{}, { slot: 's' }] })];
    const { links } = changesBetween(one, two);
    expect(links.map(({ site, link }) => [site, link])).toEqual(
      two.sites[1]!.links.map(({ link }) => ['hoge-app/s', link]),
    );
    expect(changesBetween(two, one)).toEqual({ links: [], gone: ['hoge-app/s'] });
  });
});

/** A stream that keeps what is written. */
function stream(isTTY: boolean) {
  let written = '';
  const fake = { isTTY, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
  return { stream: fake, text: () => stripVTControlCharacters(written), raw: () => written };
}

/** Watches an app that is seen like this, one after the other. */
async function watched(looks: (Report | Failure)[], { isTTY = false, json = false } = {}) {
  const [out, err] = [stream(isTTY), stream(isTTY)];
  const clock = createVirtualClock();
  const started = clock.now();
  const display = json
    ? watchJson(out.stream)
    : watchText(30_000, { out: out.stream, err: err.stream, now: clock.now });
  const look = async () => {
    const seen = looks.shift()!;
    if (seen instanceof Failure) throw seen;
    return seen;
  };
  await watch(look, { everyMs: 30_000, clock, display });
  return { out, err, left: looks.length, seconds: (clock.now() - started) / 1000 };
}

describe('watching', () => {
  const broken = reportFor({ sites: [{ identity: identityOf(), ...flagOff }] });
  const half = reportFor({ site: flagOff });
  const fine = reportFor({});

  test('ends at once where all links hold, and as soon as they do', async () => {
    expect(await watched([fine, broken])).toMatchObject({ left: 1, seconds: 0 });
    expect(await watched([broken, broken, fine, broken])).toMatchObject({ left: 1, seconds: 60 });
  });

  test('goes on after a look that failed, but for the first', async () => {
    const failure = new Failure('no answer');
    const { out, seconds } = await watched([broken, failure, failure, fine]);
    expect(seconds).toBe(90);
    expect(out.text().match(/could not look: no answer/g)).toHaveLength(1);
    await expect(watched([failure, fine])).rejects.toThrow('no answer');
  });

  test('tells in a pipe of each change in a line, and nothing else', async () => {
    const { out, err } = await watched([broken, broken, half, fine]);
    const lines = out.text().split('\n');
    const changes = lines.filter((line) => /^\d\d:\d\d:\d\d/.test(line)).map((line) => line.slice(10));
    expect(changes).toEqual([
      expect.stringMatching(/^✔ hoge-app {2}identity holds now: system-assigned/),
      expect.stringMatching(/^✔ hoge-app {2}grant holds now: /),
      '✔ hoge-app  flag holds now: acrUseManagedIdentityCreds is true',
    ]);
    expect(out.text()).toMatch(/All links hold in 1 site\.\nNext: acrpull verify hoge-app.*\n$/);
    expect(err.text()).toBe('Looking again every 30 s until all links hold.\n');
  });

  test('writes over one line on a terminal while nothing changes', async () => {
    const { out, err } = await watched([broken, broken, broken, fine], { isTTY: true });
    expect(out.text().match(/cannot pull/g)).toHaveLength(1);
    expect(err.raw()).not.toContain('\n');
    const lines = err.raw().split('\r\u{1b}[2K').map(stripVTControlCharacters);
    expect(lines.filter((line) => line !== '')).toEqual(
      ['first', 'second', 'third'].map(() =>
        expect.stringMatching(/^Looked at [\d:]{8}, and again every 30 s/),
      ),
    );
    expect(lines.at(-1)).toBe('');
  });

  test('prints as JSON a line for each report that differs', async () => {
    const { out } = await watched([broken, broken, new Failure('no answer'), half, fine], { json: true });
    const lines = out
      .text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((it) => it.sites?.[0].firstBroken ?? it.error?.message)).toEqual([
      'identity',
      'no answer',
      'flag',
      undefined,
    ]);
  });
});
