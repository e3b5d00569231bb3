import { expect, test } from 'vitest';
import { expectJudgement, type Row } from '../../../test/judgements.ts';
import { denied, identityOf, snapshotOf, userAssigned } from '../../../test/snapshots.ts';
import { viewsOf } from '../../pull-path/site-view.ts';
import { known, unknown } from '../../pull-path/snapshot.ts';
import { useLoginServer } from '../../remedies/by-hand/image.ts';

const notVisible = unknown({ kind: 'not-visible', message: 'not seen', resource: 'hoge.azurecr.io' });
const noSuchHost = unknown({ kind: 'no-such-host', message: 'no such host', resource: 'hoge.azurecr.io' });
const gone = { registry: notVisible, manifest: noSuchHost };
const otherTenant = known('00000000-0000-0000-0000-00000000000b');

test.each<Row>([
  ['no registry has this host', gone, ['A15 fail'], 'registry'],
  [
    'the reader does not see the registry',
    { registry: notVisible },
    ['B12 unknown', 'B2 unknown', 'D1 unknown'],
    undefined,
  ],
  [
    'the reader may not list registries',
    { registry: denied('Microsoft.ContainerRegistry/registries/read') },
    ['B12 unknown', 'B2 unknown', 'D1 unknown'],
    undefined,
  ],
  ['the registry is in another tenant', { registry: { tenantId: otherTenant } }, ['B11 fail'], 'registry'],
  ['its last change failed', { registry: { provisioningState: 'Failed' } }, ['E10 warn'], undefined],
  [
    'its tenant is not known',
    { registry: { tenantId: denied('Microsoft.Resources/subscriptions/read') } },
    [],
    undefined,
  ],
])('%s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));

test('the tenant of a user-assigned identity is that of its resource', () => {
  const { id, clientId, principalId } = userAssigned;
  expectJudgement(
    {
      site: { identity: identityOf('user'), config: { acrUserManagedIdentityID: clientId } },
      userAssignedIdentities: {
        [id.toLowerCase()]: known({ clientId, principalId, tenantId: 'another' }),
      },
    },
    ['B11 fail', 'B2 fail'],
    'registry',
  );
});

test('a host that lacks the hash of its registry is corrected', () => {
  const snapshot = snapshotOf({
    ...gone,
    loginServers: known(['other.azurecr.io', 'hoge-a1b2c3.azurecr.io']),
  });
  const [view] = viewsOf(snapshot, snapshot.sites[0]!);
  expect(useLoginServer.commands(view)).toEqual([
    "az webapp config set -g blog -n hoge-app --linux-fx-version 'DOCKER|hoge-a1b2c3.azurecr.io/app:0.1.0'",
  ]);
});
