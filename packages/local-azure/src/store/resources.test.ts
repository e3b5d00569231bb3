import { beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { type Database, openDatabase } from './database.ts';
import { createResources, type Resources } from './resources.ts';

const group = '/subscriptions/s/resourceGroups/Blog';
const site = `${group}/providers/Microsoft.Web/sites/hoge-app`;
let db: Database;
let resources: Resources;

beforeEach(() => {
  db = openDatabase(':memory:');
  resources = createResources(db, systemClock);
});

describe('resources', () => {
  test('an id is found whatever its case, and keeps its first spelling', () => {
    resources.put(group, 'group', { location: 'japaneast', properties: {} });
    resources.put(group.toUpperCase(), 'group', { location: 'japanwest', properties: {} });
    expect(resources.get(group.toLowerCase())).toMatchObject({ id: group, body: { location: 'japanwest' } });
  });

  test('a write changes the etag and keeps the time of creation', () => {
    const first = resources.put(site, 'Microsoft.Web/sites', { properties: { n: 1 } });
    const second = resources.put(site, 'Microsoft.Web/sites', { properties: { n: 2 } });
    expect(second.etag).not.toBe(first.etag);
    expect(second.createdOn).toBe(first.createdOn);
  });

  test('deleting takes what is below along, and not a neighbour whose name begins alike', () => {
    for (const id of [site, `${site}/slots/staging`, `${site}-2`]) {
      resources.put(id, id.includes('/slots/') ? 'Microsoft.Web/sites/slots' : 'Microsoft.Web/sites', {
        properties: {},
      });
    }
    expect(resources.delete(site)).toBe(true);
    expect(resources.get(`${site}/slots/staging`)).toBeUndefined();
    expect(resources.list(group, 'microsoft.web/sites').map((r) => r.id)).toEqual([`${site}-2`]);
    expect(resources.delete(site)).toBe(false);
  });

  test('a host name finds its one resource, through all changes, until it is deleted', () => {
    const host = 'hoge-app.azurewebsites.net';
    resources.put(site, 'Microsoft.Web/sites', { properties: {} }, host);
    resources.put(site, 'Microsoft.Web/sites', { properties: { n: 2 } });
    expect(resources.getByHostName(host.toUpperCase())).toMatchObject({
      id: site,
      body: { properties: { n: 2 } },
    });
    expect(() => resources.put(`${site}-2`, 'Microsoft.Web/sites', { properties: {} }, host)).toThrow(
      /UNIQUE/,
    );
    resources.delete(group);
    expect(resources.getByHostName(host)).toBeUndefined();
  });

  test('a transaction that throws leaves nothing', () => {
    expect(() =>
      resources.transaction(() => {
        resources.put(site, 'Microsoft.Web/sites', { properties: {} });
        throw new Error('half way');
      }),
    ).toThrow('half way');
    expect(resources.get(site)).toBeUndefined();
  });
});
