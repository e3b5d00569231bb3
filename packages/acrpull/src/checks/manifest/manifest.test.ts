import { test } from 'vitest';
import { expectJudgement, type Row } from '../../../test/judgements.ts';
import { denied } from '../../../test/snapshots.ts';
import { known, unknown } from '../../pull-path/snapshot.ts';

test.each<Row>([
  ['no such tag', { manifest: known(null) }, ['E1 fail'], 'manifest'],
  [
    'a reader who may not pull',
    { manifest: denied('Microsoft.ContainerRegistry/registries/pull/read') },
    ['E1 unknown'],
    undefined,
  ],
  [
    'a registry that is closed to the reader',
    { manifest: unknown({ kind: 'unreachable', message: 'no answer', resource: 'hoge.azurecr.io' }) },
    ['E1 unknown'],
    undefined,
  ],
  ['quarantine', { registry: { quarantinePolicy: 'enabled' } }, ['B14 warn'], undefined],
])('%s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));
