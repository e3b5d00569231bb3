import { expect, test } from 'vitest';
import { expectJudgement, type Row } from '../../../test/judgements.ts';
import {
  denied,
  grantOf,
  identityOf,
  principalId,
  snapshotOf,
  tenantId,
  userAssigned,
} from '../../../test/snapshots.ts';
import { viewsOf } from '../../pull-path/site-view.ts';
import { known } from '../../pull-path/snapshot.ts';
import { selectIdentity } from '../../remedies/select-identity.ts';

const { id, clientId } = userAssigned;
const site = (acrUserManagedIdentityID: string | null, ...kinds: ('system' | 'user')[]) => ({
  site: { identity: identityOf(...kinds), config: { acrUserManagedIdentityID } },
});
const userGrant = { userGrants: [grantOf({ principalId: userAssigned.principalId })] };
const resource = (value: unknown) => ({ userAssignedIdentities: { [id.toLowerCase()]: value as never } });

test.each<Row>([
  ['no identity', site(null), ['B1 fail'], 'identity'],
  ['no identity, and a client id', site(clientId), ['B1 fail'], 'identity'],
  ['user-assigned only, no client id', site(null, 'user'), ['A7 fail'], 'identity'],
  ['a resource id for a client id', site(id, 'user'), ['A6 fail'], 'identity'],
  ['a resource id, with a system-assigned identity too', site(id, 'system', 'user'), ['A6 fail'], 'identity'],
  ['a principal id for a client id', site(userAssigned.principalId, 'user'), ['A6 fail'], 'identity'],
  ['the system-assigned principal for a client id', site(principalId, 'system'), ['A6 fail'], 'identity'],
  [
    'the client id of an identity that is not attached',
    site('99999999-9999-9999-9999-999999999999', 'user'),
    ['A8 fail'],
    'identity',
  ],
  [
    'the client id of the attached one, in capitals',
    { ...site(clientId.toUpperCase(), 'user'), ...userGrant },
    [],
    undefined,
  ],
  [
    'a deleted identity, whose grant is still there',
    { ...site(clientId, 'user'), ...userGrant, ...resource(known(null)) },
    ['B7 fail'],
    'identity',
  ],
  [
    'an identity made anew under its old name',
    { ...site(clientId, 'user'), ...userGrant, ...resource(known({ clientId, principalId, tenantId })) },
    ['B7 warn'],
    undefined,
  ],
  [
    'an identity that the reader may not read',
    {
      ...site(clientId, 'user'),
      ...userGrant,
      ...resource(denied('Microsoft.ManagedIdentity/userAssignedIdentities/read')),
    },
    ['B7 unknown'],
    undefined,
  ],
])('%s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));

test.each([id, userAssigned.principalId])(
  '%s is corrected to the client id of the same identity',
  (wrong) => {
    const snapshot = snapshotOf(site(wrong, 'user'));
    const [view] = viewsOf(snapshot, snapshot.sites[0]!);
    expect(selectIdentity.commands(view)[0]).toContain(`"acrUserManagedIdentityID": "${clientId}"`);
    expect(selectIdentity.bicep(view)).toContain(`acrUserManagedIdentityID: '${clientId}'`);
    expect(selectIdentity.terraform(view)).toContain(
      `container_registry_managed_identity_client_id = "${clientId}"`,
    );
  },
);
