import { azSite, type SiteView } from '../../pull-path/site-view.ts';
import type { Remedy } from '../remedy.ts';
import { givenId } from '../select-identity.ts';
import {
  type Identities,
  identityBicep,
  identityTerraform,
  siteConfigBicep,
  siteConfigTerraform,
} from '../site-code.ts';

// Which identity is meant, only a person knows.

export const attachIdentity: Remedy = {
  id: 'attach-identity',
  title: 'Attach the identity that acrUserManagedIdentityID names',
  commands: (view) => [
    `id=$(az identity list --query "[?clientId=='${givenId(view) ?? '<client id>'}'].id" -o tsv)`,
    `az webapp identity assign ${azSite(view)} --identities "$id"`,
  ],
  bicep: (view) => identityBicep(view, withAnother(view)),
  terraform: (view) => identityTerraform(view, withAnother(view)),
};

const withAnother = ({ site: { identity } }: SiteView): Identities => ({
  system: identity.systemAssigned !== undefined,
  ids: [...identity.userAssigned.map(({ id }) => id), '<identity id>'],
});

/** Source: catalogue B7: the new one has new ids, so that everything that names the old one follows. */
export const recreateIdentity: Remedy = {
  id: 'recreate-identity',
  title: 'Take the deleted identity off, attach a living one, grant it the role and name it',
  commands: (view) => {
    const { principal } = view;
    const gone =
      principal.found && principal.kind === 'user-assigned' ? principal.identityId : '<identity id>';
    return [
      `az webapp identity remove ${azSite(view)} --identities ${gone}`,
      `az identity create -g ${view.snapshot.app.resourceGroup} -n ${gone.split('/').at(-1)}`,
      `az webapp identity assign ${azSite(view)} --identities ${gone}`,
      '# its ids are new: grant the pull role to its principalId, then',
      `az webapp config set ${azSite(view)} --generic-configurations '{"acrUserManagedIdentityID": "<its clientId>"}'`,
    ];
  },
  bicep: (view) => siteConfigBicep(view, 'acrUserManagedIdentityID: identity.properties.clientId'),
  terraform: (view) =>
    siteConfigTerraform(
      view,
      'container_registry_managed_identity_client_id = azurerm_user_assigned_identity.pull.client_id',
    ),
};

/** An identity that is there, and granted, before the first pull. */
export const grantBeforehand: Remedy = {
  id: 'grant-beforehand',
  title: 'Use a user-assigned identity that holds the role before the site exists',
  commands: (view) => [
    `az identity create -g ${view.snapshot.app.resourceGroup} -n <identity>`,
    '# grant it the pull role, wait until it counts, then create the site with it',
    `az webapp identity assign ${azSite(view)} --identities <identity id>`,
    `az webapp config set ${azSite(view)} --generic-configurations '{"acrUserManagedIdentityID": "<its clientId>"}'`,
  ],
  bicep: () =>
    'dependsOn: [ pull ] // in the site; `pull` is the role assignment of a user-assigned identity',
  terraform: () => 'depends_on = [azurerm_role_assignment.pull] # in the site',
};
