import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '../../test/manual-clock.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { createResources } from '../store/resources.ts';
import { createFaults } from './faults.ts';
import { createLateResources } from './late-resources.ts';

const site = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/hoge-app';
const settings = `${site}/config/web`;

let db: Database;
beforeEach(() => {
  db = openDatabase(':memory:');
});
afterEach(() => db.close());

function open(...texts: string[]) {
  const clock = createManualClock();
  const faults = createFaults(clock, texts);
  const { resources, late } = createLateResources(createResources(db, clock), { faults, clock });
  const write = (image: string, id = settings) =>
    resources.put(id, 'Microsoft.Web/sites/config', { properties: { image } });
  const seen = (id = settings) => late.get(id)?.body.properties.image;
  return { clock, faults, resources, write, seen };
}

test('each write is seen after its delay, and until then the one before it', () => {
  const { clock, write, seen, resources } = open('configuration-delay,delay=30s,in=1s');
  write('1');
  expect(seen()).toBe('1');
  clock.advance(1000);
  write('2');
  clock.advance(20_000);
  write('3');
  expect(resources.get(settings)?.body.properties.image).toBe('3');
  expect(seen()).toBe('1');
  expect(seen(settings.toUpperCase())).toBe('1');
  clock.advance(10_000);
  expect(seen()).toBe('2');
  clock.advance(20_000);
  expect(seen()).toBe('3');
});

test('a write that is not late is seen at once, with all that were before it', () => {
  const { write, seen } = open('configuration-delay,delay=30s,count=1');
  write('1');
  expect(seen()).toBeUndefined();
  write('2');
  expect(seen()).toBe('2');
});

test('when the fault is cleared, all is seen', () => {
  const { faults, write, seen } = open('configuration-delay');
  write('1');
  faults.clear();
  expect(seen()).toBe('1');
});

test('what a new site is made with is seen at once; what follows is late', () => {
  const { resources, write, seen } = open('configuration-delay');
  resources.transaction(() => {
    resources.put(site, 'Microsoft.Web/sites', { properties: {} });
    write('1');
  });
  expect(seen()).toBe('1');
  write('2');
  write('first', `${site}/config/appsettings`);
  expect([seen(), seen(`${site}/config/appsettings`)]).toEqual(['1', undefined]);
});

test('only the site that is meant is late, and what is deleted is gone at once', () => {
  const { resources, write, seen } = open('configuration-delay,site=hoge-app-staging');
  const slot = `${site}/slots/staging/config/web`;
  write('1');
  write('1', slot);
  write('2');
  write('2', slot);
  expect([seen(), seen(slot)]).toEqual(['2', undefined]);
  resources.delete(`${site}/slots/staging`);
  write('3', slot);
  expect(seen(slot)).toBeUndefined();
  resources.delete(slot);
  expect(seen(slot)).toBeUndefined();
});
