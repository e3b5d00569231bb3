import { AzureError, badRequest } from '../../resource-manager/azure-error.ts';

export const invalidIdentityName = (name: string) =>
  badRequest(
    'InvalidResourceName',
    `The identity name '${name}' is invalid: it can have letters, digits, '-' and '_', 3 to 128 of them, and must ` +
      'begin with a letter or a digit.',
  );

export const invalidCredentialName = (name: string) =>
  badRequest(
    'InvalidResourceName',
    `The federated identity credential name '${name}' is invalid: it can have letters, digits, '-' and '_', 3 to 120 ` +
      'of them, and must begin with a letter or a digit.',
  );

export const invalidIssuer = (issuer: string) =>
  badRequest('BadRequest', `The issuer '${issuer}' is not an absolute URI.`);

/** Source: Azure/bicep-types-az issue 2054 */
export const sameIssuerAndSubject = () =>
  new AzureError(409, 'Conflict', 'Issuer and subject combination already exists for this Managed Identity.');

export const tooManyCredentials = (max: number) =>
  badRequest('BadRequest', `A managed identity can have at most ${max} federated identity credentials.`);
