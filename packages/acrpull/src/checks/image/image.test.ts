import { expect, test } from 'vitest';
import { expectJudgement, judge, type Row } from '../../../test/judgements.ts';
import { denied, siteOf, snapshotOf } from '../../../test/snapshots.ts';
import { viewsOf } from '../../pull-path/site-view.ts';
import { correctReference } from '../../remedies/by-hand/image.ts';

const linux = (linuxFxVersion: string) => ({ site: { config: { linuxFxVersion } } });

test.each<Row>([
  ['a scheme', linux('DOCKER|https://hoge.azurecr.io/app:1'), ['A13 fail'], 'image'],
  ['spaces', linux('DOCKER|hoge.azurecr.io/app: 1'), ['A13 fail'], 'image'],
  ['capitals', linux('DOCKER|hoge.azurecr.io/App:1'), ['A13 fail'], 'image'],
  ['no DOCKER|', linux('hoge.azurecr.io/app:1'), ['A13 fail'], 'image'],
  ['nothing at all', linux(''), ['A13 fail'], 'image'],
  ['a built-in stack', linux('NODE|20-lts'), ['A13 fail'], 'image'],
  ['no host', linux('DOCKER|app:1'), ['A14 fail'], 'image'],
  ['a Compose file', linux('COMPOSE|dmVyc2lvbjogIjMi'), ['A18 warn'], undefined],
  [
    'config/web cannot be read',
    { site: { config: denied('Microsoft.Web/sites/config/read') } },
    ['A13 unknown', 'A1 unknown'],
    undefined,
  ],
])('%s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));

test('an image elsewhere needs no managed identity, so nothing is wrong with having none', () => {
  const changes = linux('DOCKER|mcr.microsoft.com/appsvc/staticsite:latest');
  expect(judge({ site: { ...changes.site, identity: { type: 'None', userAssigned: [] } } })).toEqual([
    [],
    undefined,
  ]);
});

test('a Windows site has its image in windowsFxVersion', () => {
  const broken = siteOf({
    platform: 'windows',
    config: { windowsFxVersion: 'DOCKER|app:1', linuxFxVersion: '' },
  });
  expectJudgement({ site: broken }, ['A14 fail'], 'image');
  const [view] = viewsOf(snapshotOf(), broken);
  expect(correctReference.commands(view)[0]).toContain('--windows-fx-version');
  expect(correctReference.bicep(view)).toContain('windowsFxVersion:');
  expect(correctReference.terraform(view)).toContain('azurerm_windows_web_app');
});
