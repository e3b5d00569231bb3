import { expect, test } from 'vitest';
import { snapshotOf } from '../../test/snapshots.ts';
import { links } from '../pull-path/links.ts';
import { viewsOf } from '../pull-path/site-view.ts';
import { causes } from './index.ts';
import * as logTexts from './log-text.ts';

const snapshot = snapshotOf();
const [view] = viewsOf(snapshot, snapshot.sites[0]!);
const ids = causes.map(({ id }) => id);
const range = (group: string, count: number) => Array.from({ length: count }, (_, i) => `${group}${i + 1}`);

test('every cause of the catalogue’s groups A to G has its entry, once', () => {
  // D15, what support once told somebody, the owner of the page disputed: it is no cause.
  const built = [
    ...range('A', 19),
    ...range('B', 15),
    'B4b',
    ...range('C', 6),
    ...range('D', 14),
    ...range('E', 10),
    ...range('F', 8),
    ...range('G', 5),
  ];
  expect([...ids].sort()).toEqual(built.sort());
});

test('causes stand in the order of the links', () => {
  const order = causes.map(({ link }) => links.indexOf(link));
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

test.each(causes)('$id says in one form what it is, what mends it and where to read on', (cause) => {
  expect(cause.title).not.toMatch(/\.$/);
  expect(cause.why).toMatch(/[.”"]$/);
  expect(new URL(cause.docs).protocol).toBe('https:');
  for (const { commands, bicep, terraform } of cause.remedies) {
    for (const text of [commands(view).join('\n'), bicep(view), terraform(view)]) {
      expect(text).not.toMatch(/^$|undefined|null/);
    }
  }
  for (const id of cause.lookAlikes?.ids ?? []) expect(ids).toContain(id);
  for (const command of cause.lookAlikes?.commands(view) ?? []) expect(command).toMatch(/^(az|#) /);
});

test('a text of the log is found in its line, whatever stands in its gaps', () => {
  const { hasText, forbiddenOrUnauthorized, manifestUnknown } = logTexts;
  const line =
    'State: Stopping, Action: StoppingSite, LastError: ImagePullUnauthorizedFailure, LastErrorDetails: Failed to pull ' +
    'image: hoge.azurecr.io/app:1. Image pull failed with forbidden or unauthorized. Check registry credentials.';
  expect(hasText(line, forbiddenOrUnauthorized)).toBe(true);
  expect(hasText(line, manifestUnknown)).toBe(false);
});
