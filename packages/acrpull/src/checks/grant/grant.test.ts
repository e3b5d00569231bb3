import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectJudgement, judge, type Row } from '../../../test/judgements.ts';
import {
  acrPull,
  type Changes,
  customRole,
  denied,
  grantOf,
  identityOf,
  principalId,
  registryId,
  registryOf,
  repositoryReader,
  takenOn,
  userAssigned,
} from '../../../test/snapshots.ts';
import { pullGrants } from '../../pull-path/permissions.ts';
import { type DenyAssignment, type Grant, known, type Permission } from '../../pull-path/snapshot.ts';

const group = '/subscriptions/s/resourceGroups/other';
const managementGroup = '/providers/Microsoft.Management/managementGroups/root';
const formerId = `${group}/providers/Microsoft.ContainerRegistry/registries/HOGE`;
const abac = { roleAssignmentMode: 'AbacRepositoryPermissions' };
const only = (repository: string) =>
  `@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringEqualsIgnoreCase '${repository}'`;
const conditional = (condition: string) => ({
  registry: abac,
  grants: [grantOf({ role: repositoryReader, condition })],
});
const orphan = grantOf({ principalId: 'gone' });

/** Both identities are attached; the system-assigned one pulls, and the other holds this. */
const heldByOther = (...userGrants: Grant[]): Changes => ({
  site: { identity: identityOf('system', 'user') },
  grants: [],
  userGrants,
});
const everybody = '00000000-0000-0000-0000-000000000000';
const deniedBy = (changes: Partial<DenyAssignment>, permission: Partial<Permission> = {}): Changes => ({
  registry: {
    denyAssignments: known([
      {
        id: '/deny',
        name: 'managed application',
        scope: registryId,
        doNotApplyToChildScopes: false,
        principals: [everybody],
        excludePrincipals: [],
        permissions: [
          { actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [], ...permission },
        ],
        ...changes,
      },
    ]),
  },
});

test.each<Row>([
  ['no role at all', { grants: [] }, ['B2 fail'], 'grant'],
  [
    'a role that does not include the pull',
    { grants: [grantOf({ role: { ...acrPull, permissions: [] } })] },
    ['B2 fail'],
    'grant',
  ],
  [
    'a custom role that does not include the pull',
    { grants: [grantOf({ role: customRole })] },
    ['B2 fail', 'B13 warn'],
    'grant',
  ],
  ['a pull role at another group', { grants: [grantOf({ scope: group })] }, ['B3 fail'], 'grant'],
  [
    'a pull role at the former id of the registry',
    { grants: [grantOf({ scope: formerId })] },
    ['B10 fail'],
    'grant',
  ],
  [
    'a pull role of the other identity',
    heldByOther(grantOf({ principalId: userAssigned.principalId })),
    ['A9 fail'],
    'grant',
  ],
  ['the other identity holds one elsewhere', heldByOther(grantOf({ scope: group })), ['B2 fail'], 'grant'],
  [
    'a pull role of a deleted identity',
    { grants: [], registry: { orphans: known([orphan]) } },
    ['B2 fail', 'B6 warn'],
    'grant',
  ],
  [
    'a pull role at a management group above',
    { grants: [grantOf({ scope: managementGroup })] },
    [],
    undefined,
  ],
  [
    'a pull role at a management group of another subscription',
    { grants: [grantOf({ scope: managementGroup, listedIn: 't' })] },
    ['B3 fail'],
    'grant',
  ],
  [
    'another role of a deleted identity',
    { grants: [], registry: { orphans: known([{ ...orphan, role: customRole }]) } },
    ['B2 fail'],
    'grant',
  ],
  [
    'whether identities are deleted is not known',
    { grants: [], registry: { orphans: denied('Directory.Read.All') } },
    ['B2 fail'],
    'grant',
  ],
  ['ABAC mode, and AcrPull', { registry: abac }, ['B4 fail'], 'grant'],
  [
    'ABAC mode, and the role for it',
    { registry: abac, grants: [grantOf({ role: repositoryReader })] },
    [],
    undefined,
  ],
  ['ABAC mode, and a condition that includes the repository', conditional(only('app')), [], undefined],
  ['ABAC mode, and a condition that excludes it', conditional(only('other')), ['B4b fail'], 'grant'],
  ['ABAC mode, and a condition that nobody understands', conditional('1 = 1'), ['B4b unknown'], undefined],
  [
    'the old mode, and a role for repositories',
    { grants: [grantOf({ role: repositoryReader })] },
    ['B2 fail'],
    'grant',
  ],
  [
    'tokens for Resource Manager are refused',
    { registry: { azureADAuthenticationAsArmPolicy: 'disabled' } },
    ['B5 fail'],
    'grant',
  ],
  ['a denial at the registry', deniedBy({}), ['B13 warn'], undefined],
  [
    'a denial of the identity',
    deniedBy({ principals: [principalId.toUpperCase()] }),
    ['B13 warn'],
    undefined,
  ],
  ['a denial of somebody else', deniedBy({ principals: ['other'] }), [], undefined],
  ['a denial of everybody but the identity', deniedBy({ excludePrincipals: [principalId] }), [], undefined],
  [
    'a denial above that is not for what is below',
    deniedBy({ scope: group, doNotApplyToChildScopes: true }),
    [],
    undefined,
  ],
  ['a denial of something else', deniedBy({}, { actions: ['*/delete'] }), [], undefined],
  ['a denial that leaves the pull out', deniedBy({}, { notActions: ['*/pull/read'] }), [], undefined],
  ['a role that a group holds', { grants: [grantOf({ principalId: 'group' })] }, ['C2 warn'], undefined],
  [
    'a role that a group holds, and the identity',
    { grants: [grantOf({ principalId: 'group' }), grantOf()] },
    [],
    undefined,
  ],
  [
    'role assignments cannot be read',
    { grants: denied('Microsoft.Authorization/roleAssignments/read') },
    ['B2 unknown'],
    undefined,
  ],
])('%s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));

test.each([
  [1, ['C1 warn']],
  [29, ['C1 warn']],
  [31, []],
])('a grant of %i minutes: %j', (minutes, findings) => {
  const createdOn = new Date(Date.parse(takenOn) - minutes * 60_000).toISOString();
  expectJudgement({ grants: [grantOf({ createdOn })] }, findings, undefined);
});

test('a young grant beside an old one is no matter', () => {
  expectJudgement({ grants: [grantOf({ createdOn: takenOn }), grantOf()] }, [], undefined);
});

test('B9 warns only when a grant is missing and the reader may not make one', () => {
  const registry = { callerPermissions: known([{ actions: ['*/read'], notActions: [] }]) };
  expectJudgement({ registry, grants: [] }, ['B2 fail', 'B9 warn'], 'grant');
  expectJudgement({ registry, site: { identity: identityOf() } }, ['B1 fail', 'B9 warn'], 'identity');
  expectJudgement({ registry }, [], undefined);
  const grants = denied('Microsoft.Authorization/roleAssignments/read');
  expect(judge({ registry, grants })[0]).toEqual(['B2 unknown']);
});

test('whatever is granted, one cause explains why it does not do, and none where it does', () => {
  const grants = fc.subarray([
    grantOf(),
    grantOf({ scope: group }),
    grantOf({ scope: formerId }),
    grantOf({ role: customRole }),
    grantOf({ role: repositoryReader, condition: only('app') }),
    grantOf({ role: repositoryReader, condition: only('other') }),
  ]);
  fc.assert(
    fc.property(grants, grants, fc.constantFrom({}, abac), (own, others, registry) => {
      const changes = { ...heldByOther(...others), grants: own, registry };
      const failed = judge(changes)[0].filter((finding) => finding.endsWith('fail'));
      const mayPull = pullGrants(own, registryOf(registry), 'app').length > 0;
      expect(failed).toHaveLength(mayPull ? 0 : 1);
    }),
  );
});
