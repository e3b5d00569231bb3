import { expect, test } from 'vitest';
import { expectJudgement, type Row } from '../../../test/judgements.ts';
import { denied, identityOf, registryId, snapshotOf } from '../../../test/snapshots.ts';
import { known, unknown, type WebhookFacts } from '../../pull-path/snapshot.ts';
import { diagnose } from '../diagnose.ts';

const status = (...states: string[]) => ({
  siteStatus: known(
    states.map((state) => ({ instanceId: state, state, lastError: 'ImagePullUnauthorizedFailure' })),
  ),
});
const absent = unknown({ kind: 'not-visible', message: 'no such thing', resource: 'r' });

test.each<Row>([
  ['blocked', { site: status('Blocked') }, ['C4 warn'], undefined],
  ['blocked on one of its instances', { site: status('Started', 'Blocked') }, ['C4 warn'], undefined],
  ['stopped, with an error of some time', { site: status('Stopped') }, [], undefined],
  ['no status, as of a Windows site', { site: { siteStatus: absent } }, [], undefined],
  [
    'a status that may not be read',
    { site: { siteStatus: denied('Microsoft.Web/sites/siteStatus/read') } },
    ['C4 unknown'],
    undefined,
  ],
])('%s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));

/** One instance, and what the platform says of its last start. */
const instance = (state: string, lastError: string) => ({
  siteStatus: known([{ instanceId: 'i', state, lastError }]),
});
const settings = (startTimeLimit: number) => ({ appSettings: { password: false, startTimeLimit } });

test.each<Row>([
  [
    'an app that does not answer',
    { site: instance('Stopped', 'ContainerTimeout') },
    ['F1 warn', 'F2 warn'],
    undefined,
  ],
  [
    'one that got all the time there is',
    { site: { ...instance('Stopping', 'ContainerTimeout'), ...settings(1800) } },
    ['F1 warn'],
    undefined,
  ],
  [
    'one that did not answer, some time ago',
    { site: instance('Started', 'ContainerTimeout') },
    [],
    undefined,
  ],
  ['one that ends', { site: instance('Stopped', 'ContainerStartupFailure') }, ['F8 warn'], undefined],
  [
    'a storage that is not mounted',
    { site: instance('Blocked', 'BYOSFailure') },
    ['C4 warn', 'F7 warn'],
    undefined,
  ],
])('after the pull: %s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));

const scm = 'hoge-app.scm.azurewebsites.net';
const scmOfSlot = 'hoge-app-staging.scm.azurewebsites.net';
const hook = (host: string, statusCode: string): WebhookFacts => ({
  id: `${registryId}/webhooks/${host.split('.')[0]}`,
  scope: 'app:0.1.0',
  lastEvent: known({ host, statusCode }),
});
const sites = [{}, { slot: 'staging' }];

test.each<Row>([
  ['that is heard', { hooks: known([hook(scm, '202')]) }, [], undefined],
  ['that is refused', { hooks: known([hook(scm, '401')]) }, ['F3 warn'], undefined],
  ['that is kept out', { hooks: known([hook(scm, '403')]) }, ['F4 warn'], undefined],
  ['of somebody else', { hooks: known([hook('example.com', '401')]) }, [], undefined],
  ['that never posted', { hooks: known([{ ...hook(scm, ''), lastEvent: known(null) }]) }, [], undefined],
  [
    'whose events may not be read',
    { hooks: known([{ ...hook(scm, ''), lastEvent: denied('…/listEvents/action') }]) },
    [],
    undefined,
  ],
  [
    'beside one of a slot',
    { sites, hooks: known([hook(scm, '202'), hook(scmOfSlot, '202')]) },
    ['F6 warn'],
    undefined,
  ],
  ['of a slot alone', { sites, hooks: known([hook(scmOfSlot, '202')]) }, [], undefined],
])('a webhook %s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));

test('that a site is blocked is the consequence of what keeps it from pulling', () => {
  const [{ findings }] = diagnose(snapshotOf({ site: { ...status('Blocked'), identity: identityOf() } })) as [
    ReturnType<typeof diagnose>[0],
  ];
  expect(findings.map(({ check, consequenceOf }) => [check.id, consequenceOf])).toEqual([
    ['B1', undefined],
    ['C4', 'identity'],
  ]);
});
