import { expect, test } from 'vitest';
import { type Changes, denied, identityOf, snapshotOf } from '../../test/snapshots.ts';
import { ResourceManagerError } from '../azure/resource-manager.ts';
import { diagnose } from '../checks/diagnose.ts';
import { reportOf } from '../report/report.ts';
import { surveyText } from './survey-text.ts';

const reportsOf = (...all: Changes[]) =>
  all.map((changes) => {
    const snapshot = snapshotOf(changes);
    return reportOf(snapshot, diagnose(snapshot));
  });
const flagOff = { config: { acrUseManagedIdentityCreds: false } };
const reports = reportsOf(
  {},
  { site: flagOff },
  { sites: [flagOff, { slot: 'test', identity: identityOf(), ...flagOff }] },
  { site: { config: denied('Microsoft.Web/sites/config/read') } },
);

test('a summary comes first, with the causes by how many sites they break, then the sites with a problem', () => {
  const text = surveyText({ reports, unreadable: [], withoutContainer: 3 }, { allDetails: false });
  expect(text.split('\n').slice(0, 7)).toEqual([
    '4 apps, 5 sites in all; 3 apps without a container',
    '  ✔ 1 site: all links hold',
    '  ✘ 3 sites cannot pull, first of all because:',
    '          2  A1   acrUseManagedIdentityCreds is off',
    '          1  B1   No managed identity is attached',
    '  ? 1 site: nothing broken was found, but not everything could be read',
    '',
  ]);
  expect(text.match(/^hoge-app.*https/gm)).toHaveLength(4);
  expect(text.match(/^Next: acrpull fix hoge-app --subscription s$/gm)).toHaveLength(2);
  const all = surveyText({ reports, unreadable: [], withoutContainer: 0 }, { allDetails: true });
  expect(all.match(/^hoge-app.*https/gm)).toHaveLength(5);
});

test('an app that could not be read is among what is unknown, with the reason', () => {
  const unreadable = [
    { id: '/the/app', failure: new ResourceManagerError(404, 'ResourceNotFound', 'not found', '/the/app') },
  ];
  const text = surveyText({ reports: [], unreadable, withoutContainer: 0 }, { allDetails: false });
  expect(text).toBe('0 apps, 0 sites in all\n  ? 1 could not be read at all\n\n/the/app\n  ? not found\n');
});
