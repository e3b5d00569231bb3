import { azSite, type SiteView } from '../../pull-path/site-view.ts';
import type { Remedy } from '../remedy.ts';
import { notDeclared } from '../site-code.ts';

const credentials =
  'DOCKER_REGISTRY_SERVER_URL DOCKER_REGISTRY_SERVER_USERNAME DOCKER_REGISTRY_SERVER_PASSWORD';

/** The last thing to do: until the identity is proven, they may be what keeps a site running. */
export const removeCredentials: Remedy = {
  id: 'remove-credentials',
  title: 'Remove the stored credentials, once the pull with the identity is proven',
  commands: (view) => [
    `acrpull verify ${view.snapshot.app.name}   # first: proves the pull with the identity`,
    `az webapp config appsettings delete ${azSite(view)} --setting-names ${credentials}`,
  ],
  bicep: () => '// leave DOCKER_REGISTRY_SERVER_* out of appSettings',
  terraform: () => '# leave docker_registry_username and docker_registry_password out of application_stack',
};

const containerName = ({ container }: SiteView): string => container?.name ?? '<container>';
const clientIdOf = ({ site }: SiteView): string | undefined => site.identity.userAssigned[0]?.clientId;

/** Source: learn.microsoft.com/cli/azure/webapp/sitecontainers; azure-rest-api-specs Microsoft.Web AuthType */
export const setContainerIdentity: Remedy = {
  id: 'set-container-identity',
  title: 'Let the container pull with the identity',
  commands: (view) => {
    const clientId = clientIdOf(view);
    const usesSystem = view.site.identity.systemAssigned || !clientId;
    const option = usesSystem ? '--system-assigned-identity true' : `--user-assigned-identity ${clientId}`;
    return [
      `az webapp sitecontainers update ${azSite(view)} --container-name ${containerName(view)} ${option}`,
    ];
  },
  bicep: (view) => {
    const clientId = clientIdOf(view);
    const choice =
      view.site.identity.systemAssigned || !clientId
        ? `authType: 'SystemIdentity'`
        : `authType: 'UserAssigned', userManagedIdentityClientId: '${clientId}'`;
    return `${choice} // in properties of Microsoft.Web/sites/sitecontainers '${containerName(view)}'`;
  },
  terraform: () =>
    '# azurerm has no resource for sidecars: azapi_resource of type Microsoft.Web/sites/sitecontainers',
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
