import { AzureError, badRequest } from '../../resource-manager/azure-error.ts';
import type { SkuName } from './model.ts';

/** Why a name cannot be taken, as the check of its availability and the refusal of a PUT both say it. */
export interface NameProblem {
  reason: 'Invalid' | 'AlreadyInUse';
  message: string;
}

export const nameRefused = ({ reason, message }: NameProblem) =>
  reason === 'Invalid' ? badRequest('InvalidResourceName', message) : new AzureError(409, reason, message);

export const skuRequired = () =>
  badRequest('InvalidRequest', "The property 'sku' of the registry is required.");

export const unsupportedSku = (name: string, skus: readonly SkuName[]) =>
  badRequest(
    'UnsupportedSku',
    `The SKU '${name}' is not supported. The supported SKUs are ${skus.join(', ')}.`,
  );

export const featureNotSupported = (feature: string, sku: SkuName, tiers: readonly SkuName[]) =>
  badRequest(
    'FeatureNotSupportedInSku',
    `${feature} is not supported for the SKU ${sku}. It is supported for ${tiers.join(' and ')}.`,
  );

export const adminUserDisabled = (id: string) =>
  badRequest(
    'UnAuthorizedForCredentialOperations',
    `Cannot perform credential operations for ${id} as admin user is disabled. Kindly enable the admin user as ` +
      'per docs: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-authentication#admin-account',
  );
