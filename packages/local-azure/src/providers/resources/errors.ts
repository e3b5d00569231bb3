import { AzureError, badRequest } from '../../resource-manager/azure-error.ts';
import { locations } from '../../resource-manager/locations.ts';

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
