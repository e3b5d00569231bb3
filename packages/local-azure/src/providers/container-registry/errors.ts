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

/** The code and the first half are Azure's (hashicorp/terraform-provider-azurerm issue 13792); the reasons are ours. */
const networkRuleInvalid = (reason: string) =>
  badRequest('NetworkRuleValidationError', `Could not validate network rule - ${reason}`);

export const ipRuleInvalid = (value: string) =>
  networkRuleInvalid(`'${value}' is neither an IPv4 address nor a range of them in CIDR notation.`);

export const tooManyIpRules = (limit: number) =>
  networkRuleInvalid(`A registry can have ${limit} IP rules at the most.`);

export const adminUserDisabled = (id: string) =>
  badRequest(
    'UnAuthorizedForCredentialOperations',
    `Cannot perform credential operations for ${id} as admin user is disabled. Kindly enable the admin user as ` +
      'per docs: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-authentication#admin-account',
  );

/** Names of scope maps, tokens and webhooks. Source: azure-rest-api-specs containerregistry 2020-11-01-preview */
export const childNameInvalid = (name: string, characters: string) =>
  badRequest(
    'InvalidResourceName',
    `The specified resource name '${name}' is invalid. ` +
      `It can contain only ${characters} and must be between 5 and 50 characters.`,
  );

/** Source: azure-cli tests, recording test_repository_token_create.yaml */
export const childNotFound = (name: string) =>
  new AzureError(404, 'ResourceNotFound', `The resource ${name} could not be found.`);

/** Source: microsoft/vscode-docker issue 1281 */
export const quotaExceeded = (type: 'tokens' | 'scopeMaps' | 'webhooks', sku: SkuName) =>
  new AzureError(
    403,
    'QuotaExceeded',
    `Quota exceeded for resource type ${type} for the registry SKU ${sku}. Learn more about different SKU quotas ` +
      'and upgrade process: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-skus',
  );

export const scopeMapActionInvalid = (action: string) =>
  badRequest(
    'InvalidRequest',
    `The action '${action}' of the scope map is invalid. It must be 'repositories/{name}/' with content/read, ` +
      'content/write, content/delete, metadata/read or metadata/write; a wildcard can only be the whole name or ' +
      "the '*' of a '/*' at its end.",
  );

export const tooManyActions = (limit: number) =>
  badRequest('InvalidRequest', `A scope map cannot have more than ${limit} actions.`);

export const scopeMapIsSystemDefined = (name: string) =>
  badRequest('InvalidRequest', `The scope map '${name}' is system defined and cannot be changed.`);

export const scopeMapUnknown = (id: string) =>
  badRequest('InvalidRequest', `The scope map '${id}' could not be found in the registry.`);

export const scopeMapRequired = () =>
  badRequest('InvalidRequest', "The property 'scopeMapId' of the token is required.");

export const tokenUnknown = (id: string) =>
  badRequest('InvalidRequest', `The token '${id}' could not be found in the registry.`);

export const passwordUnknown = (name: string) =>
  badRequest(
    'InvalidRequest',
    `The token has no password '${name}'. A password comes from generateCredentials only.`,
  );

export const webhookIncomplete = () =>
  badRequest('InvalidRequest', "The properties 'serviceUri' and 'actions' of the webhook are required.");

export const webhookElsewhere = (location: string, home: string) =>
  badRequest(
    'LocationNotAvailableForResourceType',
    `The provided location '${location}' is not available for resource type ` +
      `'Microsoft.ContainerRegistry/registries/webhooks' of this registry, which is in '${home}' only.`,
  );

export const importInvalid = (message: string) => badRequest('InvalidParameters', message);

/** Before anything is copied. Source: azure-rest-api-specs containerregistry 2023-07-01 ImportImageParameters.mode */
export const importConflict = (message: string) => new AzureError(409, 'Conflict', message);

/** Source: Azure/acr issues 422 and 632 */
export const importFailed = (operationId: string, registryId: string, reason: string) =>
  badRequest('InvalidParameters', `Operation ${operationId} failed. Resource ${registryId} ${reason}`);

export const importHeldUp = (registryId: string) =>
  new AzureError(
    403,
    'Forbidden',
    `The network rules of ${registryId} do not let the import through: its networkRuleBypassOptions are 'None'.`,
  );
