import { registryId, verifySite } from '../../pull-path/site-view.ts';
import type { Remedy } from '../remedy.ts';
import { notDeclared } from '../site-code.ts';

export const askOwner: Remedy = {
  id: 'ask-owner',
  title: 'Ask somebody who may assign roles',
  commands: (view) => [
    '# who can: Owner, User Access Administrator or Role Based Access Control Administrator at the registry',
    `az role assignment list --scope ${registryId(view)} --include-inherited -o table`,
  ],
  ...notDeclared('whoever deploys it needs Microsoft.Authorization/roleAssignments/write at the registry'),
};

export const waitForPropagation: Remedy = {
  id: 'wait',
  title: 'Wait until Azure honours the grant, then restart',
  commands: (view) => [verifySite(view)],
  ...notDeclared('nothing to write: it takes minutes, and a second grant takes as long'),
};

export const deleteOrphans: Remedy = {
  id: 'delete-orphans',
  title: 'Delete the role assignments of the identity that is gone',
  commands: ({ registry }) => {
    const orphans = registry?.known && registry.value.orphans.known ? registry.value.orphans.value : [];
    const ids = orphans.map(({ id }) => id).join(' ') || '<role assignment id>';
    return [`az role assignment delete --ids ${ids}`];
  },
  bicep: () =>
    'name: guid(registry.id, site.identity.principalId, roleId) // of the role assignment: a new principal, a new name',
  terraform: (view) =>
    `# nothing: it follows the identity's principal_id; \`terraform apply\` after ${view.site.slot ? 'the slot' : 'the app'} was made anew`,
};

export const liftDenial: Remedy = {
  id: 'lift-denial',
  title: 'Use a role that includes the pull; a denial is lifted by whoever it was made for',
  commands: (view) => [
    `az rest --method get --url "https://management.azure.com${registryId(view)}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01"`,
    '# of a managed application: ask its publisher; of a custom role: grant a role of Azure’s own beside it',
  ],
  ...notDeclared('a denial is made by the managed application that the registry belongs to'),
};
