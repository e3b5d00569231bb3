import type { Claims } from '../entra/entra.ts';
import { ExpectedError } from '../expected-error.ts';
import type { LockedOperation } from './locks.ts';
import type { Denial } from './rbac.ts';

/**
 * A refusal in Resource Manager's envelope: `{"error":{"code","message"}}`. Handlers throw it; one place writes it.
 * The named ones below are those that several providers share.
 */
export class AzureError extends ExpectedError {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const resourceNotFound = (type: string, name: string, group: string) =>
  new AzureError(
    404,
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${group}' was not found. ` +
      'For more details please go to https://aka.ms/ARMResourceNotFoundFix',
  );

export const resourceGroupNotFound = (name: string) =>
  new AzureError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);

export const managementGroupNotFound = (name: string) =>
  new AzureError(404, 'NotFound', `The management group '${name}' cannot be found.`);

export const resourceNamespaceNotFound = (namespace: string) =>
  new AzureError(404, 'InvalidResourceNamespace', `The resource namespace '${namespace}' is invalid.`);

export const locationRequired = () =>
  new AzureError(400, 'LocationRequired', 'The location property is required for this definition.');

export const badRequest = (code: string, message: string) => new AzureError(400, code, message);

/** Who asks: a user by name, and a program by its client id. */
type Caller = Pick<Claims, 'appid' | 'oid' | 'upn'>;

const clientName = ({ upn, appid }: Caller) => upn ?? appid;

export const authorizationFailed = (caller: Caller, action: string, scope: string): AzureError =>
  new AzureError(
    403,
    'AuthorizationFailed',
    `The client '${clientName(caller)}' with object id '${caller.oid}' does not have authorization to perform action ` +
      `'${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, ` +
      'please refresh your credentials.',
  );

/** Source: MicrosoftDocs/azure-docs network-function-manager/delete-functions.md */
export const deniedByAssignment = (
  caller: { appid: string; oid: string },
  action: string,
  scope: string,
  denial: Denial,
): AzureError =>
  new AzureError(
    403,
    'DenyAssignmentAuthorizationFailed',
    `The client '${caller.appid}' with object id '${caller.oid}' has permission to perform action '${action}' on ` +
      `scope '${scope}'; however, the access is denied because of the deny assignment with name ` +
      `'${denial.denyAssignmentName}' and Id '${denial.id.split('/').at(-1)?.replaceAll('-', '')}' ` +
      `at scope '${denial.scope}'.`,
  );

/** Source: Azure/azure-sdk-for-java issue 2560 */
export const scopeLocked = (
  scope: string,
  operation: LockedOperation,
  locked: readonly string[],
): AzureError =>
  new AzureError(
    409,
    'ScopeLocked',
    `The scope '${scope}' cannot perform ${operation} operation because following scope(s) are locked: ` +
      `'${locked.join("','")}'. Please remove the lock and try again.`,
  );

/**
 * An operation that reaches for another resource, which the caller may not.
 * Source: MicrosoftDocs/azure-docs issue 33442; of several, Azure/aad-pod-identity issue 339
 */
export const linkedAuthorizationFailed = (
  caller: Caller,
  { action, scope }: { action: string; scope: string },
  linked: { action: string; scope: string },
): AzureError =>
  new AzureError(
    403,
    'LinkedAuthorizationFailed',
    `The client '${clientName(caller)}' with object id '${caller.oid}' has permission to perform action '${action}' on ` +
      `scope '${scope}'; however, it does not have permission to perform action '${linked.action}' on the linked ` +
      `scope(s) '${linked.scope}' or the linked scope(s) are invalid.`,
  );

/** What Azure can do and the local Azure cannot: said, rather than stored and ignored. */
export const notImplemented = (what: string) =>
  new AzureError(501, 'NotImplemented', `The local Azure does not implement ${what}.`);
