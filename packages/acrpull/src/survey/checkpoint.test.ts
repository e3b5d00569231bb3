import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { snapshotOf, takenOn } from '../../test/snapshots.ts';
import { type CheckpointOptions, keptForMs, openCheckpoint } from './checkpoint.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const now = Date.parse(takenOn);
const open = (options: Partial<CheckpointOptions> = {}) =>
  openCheckpoint({ folder, about: ['me', 'all'], fresh: false, now, ...options });
const snapshot = (name: string) => {
  const made = snapshotOf();
  return { ...made, app: { ...made.app, id: `/subscriptions/s/${name}` } };
};
const keptBy = async (options?: Partial<CheckpointOptions>) => (await open(options)).kept.size;

test('what was kept is there for the next run about the same, and for nobody else', async () => {
  const checkpoint = await open();
  checkpoint.keep(snapshot('A'));
  checkpoint.keep(snapshot('b'));
  expect((await open()).kept.get('/subscriptions/s/a')).toEqual(snapshot('A'));
  expect(await keptBy()).toBe(2);
  expect(await keptBy({ about: ['you', 'all'] })).toBe(0);
  expect(await keptBy({ now: now + keptForMs })).toBe(0);
});

test('a line that was cut off is lost, and spoils no other', async () => {
  (await open()).keep(snapshot('a'));
  const [file] = readdirSync(folder);
  appendFileSync(join(folder, file!), '\n{"schema":"acrpull.snapshot/1","app":{"id":"/subsc');
  (await open()).keep(snapshot('b'));
  expect([...(await open()).kept.keys()]).toEqual(['/subscriptions/s/a', '/subscriptions/s/b']);
});

test('a run that is complete, or begins anew, leaves nothing behind', async () => {
  (await open()).keep(snapshot('a'));
  expect(await keptBy({ fresh: true })).toBe(0);
  const checkpoint = await open();
  checkpoint.keep(snapshot('a'));
  checkpoint.finish();
  expect(readdirSync(folder)).toEqual([]);
});

test('a run that nobody went on with is forgotten', async () => {
  (await open({ about: 'other' })).keep(snapshot('a'));
  const [file] = readdirSync(folder);
  const old = new Date(Date.now() - keptForMs - 1000);
  utimesSync(join(folder, file!), old, old);
  await open();
  expect(readdirSync(folder)).not.toContain(file);
});

test('a folder that may not be written to is named, and what to do', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await expect(open({ folder: join(file, 'x') })).rejects.toMatchObject({
    next: expect.stringContaining('XDG_STATE_HOME'),
  });
});

test('nobody else may read it', async () => {
  await open();
  const [file] = readdirSync(folder);
  expect(statSync(join(folder, file!)).mode & 0o777).toBe(0o600);
});
