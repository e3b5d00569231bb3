import { EntraError } from './entra-error.ts';

// Source: learn.microsoft.com/entra/identity-platform/reference-error-codes, and the bodies that people report.

export const scopeWithoutDefault = (scope: string) =>
  new EntraError(
    400,
    'invalid_scope',
    1002012,
    `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with ` +
      '/.default suffixed to the resource identifier (application ID URI).',
  );

export const malformedScope = (scope: string) =>
  new EntraError(
    400,
    'invalid_scope',
    70011,
    "The provided request must include a 'scope' input parameter. The provided value for the input parameter " +
      `'scope' is not valid. The scope ${scope} is not valid. The scope format is invalid. Scope must be in a ` +
      'valid URI form <https://example/scope> or a valid Guid <guid/scope>.',
  );

export const severalResources = (scope: string) =>
  new EntraError(
    400,
    'invalid_scope',
    28000,
    `Provided value for the input parameter scope is not valid because it contains more than one resource. Scope ` +
      `${scope} is not valid.`,
  );
