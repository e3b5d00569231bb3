import { AzureError, badRequest } from '../../resource-manager/azure-error.ts';

export const badRequestFormat = () =>
  badRequest('BadRequestFormat', 'The request was incorrectly formatted.');

export const invalidAssignmentId = (name: string) =>
  badRequest(
    'InvalidRoleAssignmentId',
    `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
  );

export const invalidPrincipalId = (principalId: string) =>
  badRequest(
    'InvalidPrincipalId',
    `The Principal ID '${principalId}' is not valid. Principal ID must be a GUID.`,
  );

/** Source of the first sentence: MicrosoftDocs/azure-docs role-based-access-control/conditions-troubleshoot.md; of the code there is none. */
export const invalidCondition = (why: string) =>
  badRequest('InvalidCondition', `The given role assignment condition is invalid. ${why}`);

/** Source: learn.microsoft.com/azure/role-based-access-control/troubleshooting "Symptom - Assigning a role to a new principal sometimes fails" */
export const principalNotFound = (principalId: string, tenantId: string) =>
  badRequest(
    'PrincipalNotFound',
    `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${tenantId}. ` +
      'Check that you have the correct principal ID. If you are creating this principal and then immediately ' +
      'assigning a role, this error might be related to a replication delay. In this case, set the role assignment ' +
      'principalType property to a value, such as ServicePrincipal, User, or Group. ' +
      'See https://aka.ms/docs-principaltype',
  );

// "PrinciaplType" is how Azure spells it.
export const unmatchedPrincipalType = (principalId: string, actual: string, given: string) =>
  badRequest(
    'UnmatchedPrincipalType',
    `The PrincipalId '${principalId}' has type '${actual}' , which is different from specified PrinciaplType '${given}'.`,
  );

export const roleAssignmentNotFound = (name: string) =>
  new AzureError(404, 'RoleAssignmentNotFound', `The role assignment '${name}' is not found.`);

export const roleAssignmentExists = (existing: string) =>
  new AzureError(
    409,
    'RoleAssignmentExists',
    `The role assignment already exists. The ID of the existing role assignment is ${existing.replaceAll('-', '')}.`,
  );

export const updateNotPermitted = () =>
  badRequest(
    'RoleAssignmentUpdateNotPermitted',
    'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
  );

/** Source of the code: Terraform modules for Azure, which retry on it; the sentence is ours. */
export const roleNotAssignableAt = (roleName: string, scope: string) =>
  badRequest(
    'RoleAssignmentScopeNotAssignableToRoleDefinition',
    `The assignment scope '${scope}' is not assignable to role definition '${roleName}'.`,
  );
