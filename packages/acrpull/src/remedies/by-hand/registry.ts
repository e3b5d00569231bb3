import { registryId, registryName } from '../../pull-path/site-view.ts';
import type { Remedy } from '../remedy.ts';
import { notDeclared } from '../site-code.ts';

export const acceptArmTokens: Remedy = {
  id: 'accept-arm-tokens',
  title: 'Let the registry accept tokens for Resource Manager, which Web Apps use',
  commands: (view) => [
    '# a policy of your company may have turned it off: ask its owner first',
    `az acr config authentication-as-arm update -r ${registryName(view)} --status enabled`,
  ],
  bicep: (view) =>
    `policies: { azureADAuthenticationAsArmPolicy: { status: 'enabled' } } // in properties of registry ${registryName(view)}`,
  terraform: () => 'azuread_authentication_as_arm_policy_enabled = true # in azurerm_container_registry',
};

export const importImage: Remedy = {
  id: 'import-image',
  title: 'Bring the image into a registry of the tenant that the site is in',
  commands: ({ azureImage }) => {
    const image = azureImage ? `${azureImage.repository}:${azureImage.tag}` : '<repository>:<tag>';
    const source = `${azureImage?.host ?? '<registry>.azurecr.io'}/${image}`;
    return [
      `az acr import -n <registry of this tenant> --source ${source} --username <token name> --password <token password>`,
      '# then let the site name that registry',
    ];
  },
  ...notDeclared('an import is an act, not a state: a pipeline repeats it for each release'),
};

export const askForReader: Remedy = {
  id: 'ask-for-reader',
  title: 'Ask for the role Reader at the registry, and look again',
  commands: (view) => [
    `# whoever owns ${view.azureImage?.host ?? 'the registry'} can let you see it:`,
    'az role assignment create --assignee <you> --role Reader --scope <registry id>',
  ],
  ...notDeclared('nothing is broken so far: you cannot see it, that is all'),
};

export const raiseTier: Remedy = {
  id: 'raise-tier',
  title: 'Let fewer instances start at once, or raise the registry’s tier',
  commands: (view) => [`az acr update -n ${registryName(view)} --sku Premium`],
  bicep: (view) => `sku: { name: 'Premium' } // in registry ${registryName(view)}`,
  terraform: () => 'sku = "Premium" # in azurerm_container_registry',
};

export const restoreKeyAccess: Remedy = {
  id: 'restore-key-access',
  title: 'See what the registry’s last change was, and give it back the access to its key',
  commands: (view) => [
    `az acr encryption show -n ${registryName(view)}`,
    `az monitor activity-log list --resource-id ${registryId(view)} --offset 30d --query "[].[eventTimestamp, operationName.value, status.value]" -o tsv`,
    '# the identity of the registry needs to get, wrap and unwrap the key, which is there, enabled and not expired',
  ],
  ...notDeclared('the access is granted at the key vault'),
};
