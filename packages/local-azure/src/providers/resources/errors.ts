import { AzureError, badRequest } from '../../resource-manager/azure-error.ts';
import { locations } from '../../resource-manager/locations.ts';
import { resourceName } from '../../resource-manager/resource-id.ts';

export const invalidGroupName = (name: string) =>
  badRequest(
    'InvalidResourceGroup',
    `The provided resource group name '${name}' is invalid: it can have letters, digits, '-', '.', '(', ')' and '_', ` +
      'at most 90 of them, and must not end with a period.',
  );

export const groupLocationNotAvailable = (location: string) =>
  badRequest(
    'LocationNotAvailableForResourceGroup',
    `The provided location '${location}' is not available for resource group. ` +
      `List of available regions is '${locations.map((one) => one.name).join(',')}'.`,
  );

export const groupIsElsewhere = (location: string, current: string | undefined) =>
  new AzureError(
    409,
    'InvalidResourceGroupLocation',
    `Invalid resource group location '${location}'. The Resource group already exists in location '${current}'.`,
  );

/** Source: hashicorp/terraform-provider-azurerm issue 18026, and many like it */
export const groupDeletionBlocked = (groupId: string, left: readonly string[]) =>
  new AzureError(
    409,
    'ResourceGroupDeletionBlocked',
    `Deletion of resource group '${resourceName(groupId)}' failed as resources with identifiers ` +
      `'${left.map(inGroup).join(',')}' could not be deleted. The provisioning state of the resource group will be ` +
      'rolled back.',
  );

/** `Microsoft.Web/serverfarms/plan` of a resource id. */
const inGroup = (id: string) => id.slice(id.toLowerCase().indexOf('/providers/') + '/providers/'.length);

/** Source: Azure/azure-cli issue 11037 */
export const providerInUse = (namespace: string) =>
  new AzureError(
    409,
    'CannotUnregisterProviderNamespace',
    `Cannot unregister namespace '${namespace}': the subscription has resources of it.`,
  );
