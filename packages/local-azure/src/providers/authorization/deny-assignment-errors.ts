import { AzureError, badRequest } from '../../resource-manager/azure-error.ts';

// Azure's own codes and sentences are documented nowhere. The rules are those of azure-cli's `role deny-assignment create`.

export const invalidDenyAssignmentId = (name: string) =>
  badRequest(
    'InvalidDenyAssignmentId',
    `The deny assignment ID '${name}' is not valid. The deny assignment ID must be a GUID.`,
  );

export const invalidDenyAssignment = (why: string) => badRequest('InvalidDenyAssignment', why);

export const denyAssignmentNotFound = (name: string) =>
  new AzureError(404, 'DenyAssignmentNotFound', `The deny assignment '${name}' is not found.`);

export const denyAssignmentNameExists = (name: string, scope: string) =>
  new AzureError(
    409,
    'DenyAssignmentExists',
    `A deny assignment with the name '${name}' already exists at scope '${scope}'.`,
  );

export const systemProtected = (name: string) =>
  badRequest(
    'DenyAssignmentIsSystemProtected',
    `The deny assignment '${name}' was made by Azure, and cannot be changed or deleted.`,
  );
