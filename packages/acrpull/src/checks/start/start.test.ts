import { expect, test } from 'vitest';
import { expectJudgement, type Row } from '../../../test/judgements.ts';
import { denied, identityOf, snapshotOf } from '../../../test/snapshots.ts';
import { known, unknown } from '../../pull-path/snapshot.ts';
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

test('that a site is blocked is the consequence of what keeps it from pulling', () => {
  const [{ findings }] = diagnose(snapshotOf({ site: { ...status('Blocked'), identity: identityOf() } })) as [
    ReturnType<typeof diagnose>[0],
  ];
  expect(findings.map(({ check, consequenceOf }) => [check.id, consequenceOf])).toEqual([
    ['B1', undefined],
    ['C4', 'identity'],
  ]);
});
