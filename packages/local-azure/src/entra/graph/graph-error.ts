import { ExpectedError } from '../../expected-error.ts';
import { TokenRefused } from '../entra.ts';

/** A refusal by Microsoft Graph. Handlers throw it; one place writes it. */
export class GraphError extends ExpectedError {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 500 | 501;
  readonly code: string;
  constructor(status: GraphError['status'], code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const invalidToken = (message: string) => new GraphError(401, 'InvalidAuthenticationToken', message);

export const insufficientPrivileges = () =>
  new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');

export const badRequest = (message: string) => new GraphError(400, 'Request_BadRequest', message);

export const unsupportedQuery = (message: string) => new GraphError(400, 'Request_UnsupportedQuery', message);

export const notPresent = (id: string) =>
  new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

export const alreadyExists = (message: string) =>
  new GraphError(409, 'Request_MultipleObjectsWithSameKeyValue', message);

/** What Graph can do and the local Azure cannot: said, rather than stored and ignored. */
export const notImplemented = (what: string) =>
  new GraphError(501, 'NotImplemented', `local-azure does not implement ${what} of Microsoft Graph.`);

/** Graph's words for a token that does not do. */
const tokenFaults: Record<TokenRefused['fault'], string> = {
  malformed: 'IDX14100: JWT is not well formed, there are no dots (.).',
  signature: 'Access token validation failure. Invalid signature.',
  issuer: 'Access token validation failure. Invalid issuer.',
  audience: 'Access token validation failure. Invalid audience.',
  expired: 'Lifetime validation failed, the token is expired.',
  'not-yet-valid': 'Lifetime validation failed, the token is not yet valid.',
};

export function toGraphError(thrown: Error): GraphError {
  if (thrown instanceof GraphError) return thrown;
  if (thrown instanceof TokenRefused) return invalidToken(tokenFaults[thrown.fault]);
  return new GraphError(500, 'InternalServerError', 'Internal server error.');
}
