import { AzureError, badRequest } from '../../resource-manager/azure-error.ts';
import type { Plane } from '../../resource-manager/rbac.ts';

// Codes and statuses, unless said: azure-sdk-for-net, AuthorizationTests, "RoleDefinitionCreateTests". Where no source
// quotes Azure's sentence, it is ours.

export const invalidDefinitionId = (name: string) =>
  badRequest(
    'InvalidRoleDefinitionId',
    `The role definition ID '${name}' is not valid. The role definition ID must be a GUID.`,
  );

export const roleDefinitionDoesNotExist = (name: string) =>
  new AzureError(
    404,
    'RoleDefinitionDoesNotExist',
    `The specified role definition with ID '${name.replaceAll('-', '')}' does not exist.`,
  );

export const roleDefinitionExists = (name: string) =>
  new AzureError(409, 'RoleDefinitionExists', `A built-in role with the ID '${name}' exists already.`);

export const builtInRoleIsFixed = (roleName: string) =>
  badRequest('InvalidRoleDefinitionType', `The role '${roleName}' is built in, and cannot be deleted.`);

export const invalidDefinitionType = (type: string) =>
  badRequest(
    'InvalidRoleDefinitionType',
    `The role definition type '${type}' is not valid: it must be 'CustomRole'.`,
  );

export const roleNameMissing = () =>
  badRequest('RoleDefinitionNameNullOrEmpty', 'The role definition name cannot be null or empty.');

/** The sentences: azure-powershell, and the documentation of Kong's Cloud Gateway. */
export const sameNameExists = (isNew: boolean) =>
  new AzureError(
    409,
    'RoleDefinitionWithSameNameExists',
    isNew
      ? 'A custom role with the same name already exists in this directory. Use a different name.'
      : 'A role definition cannot be updated with a name that already exists.',
  );

export const assignableScopesMissing = () =>
  badRequest('MissingAssignableScopes', 'The role definition must have at least one assignable scope.');

export const invalidAssignableScope = (scope: string, index: number) =>
  badRequest(
    'LinkedInvalidPropertyId',
    `Property id '${scope}' at path 'properties.assignableScopes[${index}]' is invalid. Expect fully qualified ` +
      "resource Id that start with '/subscriptions/{subscriptionId}' or " +
      "'/providers/{resourceProviderNamespace}/'.",
  );

/** Source: azure-powershell, RoleDefinitionTests.ps1, and many deployments that failed for it. */
export const unknownAction = (plane: Plane, pattern: string) =>
  badRequest(
    plane === 'control' ? 'InvalidActionOrNotAction' : 'InvalidDataActionOrNotDataAction',
    `'${pattern}' does not match any of the actions supported by the providers.`,
  );

/** Source, also of the one below: MicrosoftDocs/azure-docs role-based-access-control/troubleshooting.md */
export const definitionLimitExceeded = () =>
  badRequest(
    'RoleDefinitionLimitExceeded',
    'Role definition limit exceeded. No more role definitions can be created.',
  );

export const definitionHasAssignments = () =>
  badRequest('RoleDefinitionHasAssignments', 'There are existing role assignments referencing role.');

/** A limit of custom-roles.md whose code is documented nowhere. */
export const tooLong = (what: string, limit: number) =>
  badRequest(
    'InvalidRoleDefinition',
    `The ${what} of a role definition can have at most ${limit} entries or characters.`,
  );
