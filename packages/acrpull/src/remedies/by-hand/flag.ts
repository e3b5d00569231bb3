import { azSite, type SiteView } from '../../pull-path/site-view.ts';
import type { Remedy } from '../remedy.ts';
import { azContainer, containerBicep, containerTerraform, notDeclared } from '../site-code.ts';

/** The identity that the site has: the system-assigned one, or the first of the others by its client id. */
function ownIdentity({ site }: SiteView): string | undefined {
  return site.identity.systemAssigned ? undefined : site.identity.userAssigned[0]?.clientId;
}

/** Source: azure-rest-api-specs Microsoft.Web AuthType */
export const setContainerIdentity: Remedy = {
  id: 'set-container-identity',
  title: 'Let the container pull with the identity',
  commands: (view) => {
    const clientId = ownIdentity(view);
    const option = clientId ? `--user-assigned-identity ${clientId}` : '--system-assigned-identity true';
    return [azContainer(view, option)];
  },
  bicep: (view) => {
    const clientId = ownIdentity(view);
    const choice = clientId
      ? `authType: 'UserAssigned', userManagedIdentityClientId: '${clientId}'`
      : `authType: 'SystemIdentity'`;
    return containerBicep(view, choice);
  },
  terraform: (view) => {
    const clientId = ownIdentity(view);
    const choice = clientId
      ? `authType = "UserAssigned", userManagedIdentityClientId = "${clientId}"`
      : 'authType = "SystemIdentity"';
    return containerTerraform(view, choice);
  },
};

export const passFlagToTask: Remedy = {
  id: 'pass-flag-to-task',
  title: 'Let the pipeline set the flag again after each deployment',
  commands: (view) => [
    '# in AzureWebAppContainer@1: configurationStrings with "-acrUseManagedIdentityCreds true"; or after the task:',
    `az webapp config set ${azSite(view)} --generic-configurations '{"acrUseManagedIdentityCreds": true}'`,
  ],
  ...notDeclared('the task writes it after your declaration: the pipeline has to set it again'),
};
