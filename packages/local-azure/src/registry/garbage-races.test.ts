import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '../../test/manual-clock.ts';
import { digestOf, openRegistryStores, placeOf, type RegistryStores } from '../../test/registry-stores.ts';
import type { Place } from './content.ts';
import { defaultGraceMs as grace } from './garbage.ts';

// Clients that push and delete the same few blobs at once, a collection that never rests, and a crash now and then.

const registries = ['hoge.azurecr.io', 'other.azurecr.io'] as const;
const [hoge, other] = registries;
const places = [placeOf(hoge, 'team/app'), placeOf(hoge, 'team/base'), placeOf(other, 'team/app')];
const contents = ['one', 'two', 'three'];

let folder: string;
let at: RegistryStores;
const clock = createManualClock();
const open = () => openRegistryStores(folder, clock, grace, [...registries]);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'garbage-races-'));
  at = await open();
});
afterEach(async () => {
  at.kill();
  await rm(folder, { recursive: true });
});

const where = fc.constantFrom(...places);
const text = fc.constantFrom(...contents);
const texts = fc.uniqueArray(text, { minLength: 1 });
const kind = <Kind extends string>(name: Kind) => fc.constant(name);
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: kind('push'), where, text }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('head'), where, text }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('put'), where, texts }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('remove'), where, texts }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('removeBlob'), where, text }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('replaceRegistry'), where }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('wait'), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;
const clients = fc.array(fc.array(action, { maxLength: 12 }), { minLength: 1, maxLength: 4 });
const crashAfter = fc.option(fc.nat(40));

/** What must hold: when clients were last told of a blob, and the manifests that were put. */
const told = new Map<string, { where: Place; text: string; on: number }>();
const manifests = new Map<string, { where: Place; texts: string[] }>();
const keyOf = ({ registry, repository }: Place, what: unknown) => `${registry}/${repository} ${what}`;
const tell = (where: Place, text: string) => told.set(keyOf(where, text), { where, text, on: clock.now() });
// A client that is told again within a sixtieth of the grace is not written down.
const reliesOn = (where: Place, text: string) =>
  clock.now() - (told.get(keyOf(where, text))?.on ?? Number.NEGATIVE_INFINITY) < grace * (59 / 60);
const has = (where: Place, text: string) => at.content.blobSize(where, digestOf(text)) !== undefined;

async function perform(each: Action): Promise<void> {
  switch (each.kind) {
    case 'push':
      await at.push(each.where, each.text, () => tell(each.where, each.text));
      return;
    case 'head': {
      const found = at.content.tellBlob(each.where, digestOf(each.text)) !== undefined;
      if (reliesOn(each.where, each.text)) expect(found, 'a blob that a client relies on').toBe(true);
      if (found) tell(each.where, each.text);
      return;
    }
    case 'put':
      for (const text of each.texts)
        if (reliesOn(each.where, text)) expect(has(each.where, text), 'a blob to be named').toBe(true);
      if (!each.texts.every((text) => has(each.where, text))) return;
      at.put(each.where, String(each.texts), each.texts);
      manifests.set(keyOf(each.where, each.texts), each);
      return;
    case 'remove':
      at.remove(each.where, String(each.texts));
      manifests.delete(keyOf(each.where, each.texts));
      return;
    case 'removeBlob':
      at.content.removeBlob(each.where, digestOf(each.text));
      told.delete(keyOf(each.where, each.text));
      for (const [key, { where, texts }] of manifests)
        if (where === each.where && texts.includes(each.text)) {
          at.remove(where, String(texts));
          manifests.delete(key);
        }
      return;
    case 'replaceRegistry': {
      const { registry } = each.where;
      at.deleteRegistry(registry);
      at.makeRegistry(registry);
      for (const map of [told, manifests])
        for (const [key, { where }] of map) if (where.registry === registry) map.delete(key);
      return;
    }
    case 'wait':
      return clock.advance(Math.floor(each.part * grace));
  }
}

async function round(clientActions: Action[][], turns: number | null): Promise<void> {
  let isOver = false;
  let isDown = false;
  const unlessExpected = (error: unknown) => {
    // Of a registry that was deleted under a push, and of a process that is gone.
    if (!isDown && !String(error).includes('FOREIGN KEY')) throw error;
  };
  const working = clientActions.map(async (actions) => {
    for (const each of actions) {
      await perform(each).catch(unlessExpected);
      await nextTurn();
    }
  });
  const collecting = (async () => {
    while (!isOver) {
      await at.collect().catch(unlessExpected);
      await nextTurn();
    }
  })();
  if (turns !== null) {
    for (let turn = 0; turn < turns; turn++) await nextTurn();
    isDown = true;
    at.kill();
  }
  await Promise.all(working);
  isOver = true;
  await collecting;
  if (isDown) at = await open();
}

async function checkAll(): Promise<void> {
  for (const { where, texts } of manifests.values()) {
    expect(at.content.manifest(where, digestOf(String(texts)))).toBeDefined();
    for (const text of texts) expect(has(where, text), 'a blob that a manifest names').toBe(true);
  }
  for (const text of contents)
    if (places.some((where) => has(where, text))) expect(await at.read(digestOf(text))).toBe(text);
}

test('no blob is lost that a manifest names or a client relies on, and all the rest is freed', async () => {
  const rounds = fc.array(fc.tuple(clients, crashAfter), { minLength: 1, maxLength: 3 });
  const property = fc.asyncProperty(rounds, async (rounds) => {
    told.clear();
    manifests.clear();
    for (const [clients, crashAfter] of rounds) {
      await round(clients, crashAfter);
      await checkAll();
    }
    for (const { where, texts } of manifests.values()) at.remove(where, String(texts));
    await clock.advance(2 * grace);
    await at.collect();
    expect(await at.files()).toEqual([]);
    for (const registry of registries) expect(at.content.storedBytes(registry)).toBe(0);
    expect(at.db.prepare('SELECT * FROM registry_suspects').all()).toEqual([]);
  });
  // What a failed run leaves behind would mislead a smaller one.
  await fc.assert(property, { numRuns: 150, endOnFailure: true });
});
