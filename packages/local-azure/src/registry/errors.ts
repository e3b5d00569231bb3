import type { ServerResponse } from 'node:http';
import { ExpectedError } from '../expected-error.ts';
import type { Scope } from './permissions.ts';

/**
 * Every refusal of the registry, as a value. Handlers throw it; {@link writeError} is the one place that writes it.
 * Codes: opencontainers/distribution-spec spec.md, "Error Codes". Messages: as Azure Container Registry writes them.
 */
export class RegistryError extends ExpectedError {
  readonly status: number;
  readonly code: string;
  readonly detail: unknown;
  readonly headers: Record<string, string>;
  constructor(
    status: number,
    code: string,
    message: string,
    detail?: unknown,
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.headers = headers;
  }
}

export const notFound = () => new RegistryError(404, 'NAME_UNKNOWN', '404 page not found');

export const registryUnknown = (loginServer: string) =>
  new RegistryError(404, 'NAME_UNKNOWN', `registry "${loginServer}" is not found`);

export const methodNotAllowed = (allowed: string[]) =>
  new RegistryError(405, 'UNSUPPORTED', 'The operation is unsupported.', undefined, {
    allow: allowed.join(', '),
  });

/** Source: Azure/azure-sdk-for-net issue 22827. */
export const operationDisallowed = () =>
  new RegistryError(
    405,
    'REGISTRY_DISALLOWED_OPERATION',
    'The operation is disallowed on this registry, repository or image. View troubleshooting steps at ' +
      'https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation',
    {},
  );

/** What this registry does not do yet, and would not obey if it stored it. */
export const notImplemented = (what: string) =>
  new RegistryError(501, 'UNSUPPORTED', `The local Azure does not implement ${what}.`);

export const nameInvalid = (name: string) =>
  new RegistryError(400, 'NAME_INVALID', 'invalid repository name', { name });

export const nameUnknown = (name: string) =>
  new RegistryError(404, 'NAME_UNKNOWN', `repository "${name}" is not found`, { name });

export const tagInvalid = (tag: string) => new RegistryError(400, 'TAG_INVALID', 'invalid tag name', { tag });

/** Source: Azure/azure-sdk-for-python recording of test_delete_tag_does_not_exist. */
export const tagUnknown = () => new RegistryError(404, 'TAG_UNKNOWN', 'the specified tag does not exist');

export const digestInvalid = (message: string) => new RegistryError(400, 'DIGEST_INVALID', message);

export const blobUnknown = (digest: string) =>
  new RegistryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry', { digest });

export const uploadUnknown = () =>
  new RegistryError(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry');

export const uploadBusy = () =>
  new RegistryError(409, 'BLOB_UPLOAD_INVALID', 'another request is writing to this upload');

export const uploadInvalid = (message: string) => new RegistryError(400, 'BLOB_UPLOAD_INVALID', message);

/** The chunk does not begin where the upload stands; `headers` say where that is. */
export const chunkOutOfOrder = (headers: Record<string, string>) =>
  new RegistryError(416, 'BLOB_UPLOAD_INVALID', 'chunk out of order', undefined, headers);

export const sizeInvalid = (message: string) => new RegistryError(400, 'SIZE_INVALID', message);

export const rangeNotSatisfiable = (size: number) =>
  new RegistryError(416, 'RANGE_INVALID', 'invalid content range', undefined, {
    'content-range': `bytes */${size}`,
  });

export const manifestUnknown = (name: string, reference: { tag?: string; digest?: string }) =>
  reference.tag === undefined
    ? new RegistryError(404, 'MANIFEST_UNKNOWN', `manifest ${reference.digest} is not found`, {
        Name: name,
        Revision: reference.digest,
      })
    : new RegistryError(404, 'MANIFEST_UNKNOWN', `manifest tagged by "${reference.tag}" is not found`, {
        Name: name,
        Tag: reference.tag,
      });

export const manifestInvalid = (message: string) => new RegistryError(400, 'MANIFEST_INVALID', message);

export const manifestTooLarge = (limit: number) =>
  new RegistryError(413, 'MANIFEST_INVALID', `manifest is larger than ${limit} bytes`);

/** The detail is the digest itself. Source: Azure/azure-sdk-for-net issue 28053. */
export const manifestBlobUnknown = (digest: string) =>
  new RegistryError(400, 'MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry', digest);

export const pageInvalid = (n: string) =>
  new RegistryError(400, 'PAGINATION_NUMBER_INVALID', 'invalid number of results requested', { n });

export const orderInvalid = (orderby: string) =>
  new RegistryError(400, 'UNSUPPORTED', `unsupported orderby "${orderby}"`);

/** `UNSUPPORTED` is the code for an "invalid set of parameters", too. Source: distribution docs, "Errors". */
export const attributesInvalid = (message: string) => new RegistryError(400, 'UNSUPPORTED', message);

/** No credential, a wrong one, or one that may not do what was asked. */
export const unauthorized = (scopes: Scope[] = [], challenge?: string) =>
  new RegistryError(
    401,
    'UNAUTHORIZED',
    'authentication required, visit https://aka.ms/acr/authorization for more information.',
    scopes.length > 0 ? scopes.flatMap(refusedActions) : undefined,
    challenge ? { 'www-authenticate': challenge } : {},
  );

const refusedActions = ({ type, name, actions }: Scope) =>
  actions.map((action) => ({ Type: type, Name: name, Action: action }));

/** An Entra token that the registry does not accept. Source: MicrosoftDocs/azure-docs pull request 128528. */
export const tokenValidationFailed = () => new RegistryError(401, 'UNAUTHORIZED', 'token validation failed');

export const tokenRequestInvalid = (message: string) => new RegistryError(400, 'UNSUPPORTED', message);

/** Source: MicrosoftDocs/SupportArticles-docs acr-authentication-errors.md, "Error 5". */
export const deniedByFirewall = (ip: string) =>
  new RegistryError(
    403,
    'DENIED',
    `client with IP '${ip}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`,
  );

const blobUrlRefused = (detail: string) =>
  new RegistryError(
    403,
    'AuthenticationFailed',
    'Server failed to authenticate the request. ' +
      'Make sure the value of Authorization header is formed correctly including the signature.',
    detail,
  );

export const blobUrlChanged = () => blobUrlRefused('Signature did not match.');

/** Source: floci-io/floci-az issue 89, which quotes Azure Storage. */
export const blobUrlExpired = (end: number, now: number) =>
  blobUrlRefused(
    `Signed expiry time [${new Date(end).toUTCString()}] must be after signed start time [${new Date(now).toUTCString()}]`,
  );

/** Somebody has changed the file: what is left of it must not go out as the whole. */
export const blobDamaged = (digest: string, stored: number, size: number) =>
  new RegistryError(
    500,
    'UNKNOWN',
    `blob ${digest} is damaged on the registry's disk: ${stored} of ${size} bytes`,
  );

/** SQLite keeps no content of a registry that has been deleted since the request came in. */
const registryGone = () => new RegistryError(404, 'NAME_UNKNOWN', 'the registry has been deleted');

const diskFull = () => new RegistryError(507, 'UNKNOWN', "no space left on the registry's disk");

const internal = () => new RegistryError(500, 'UNKNOWN', 'unknown error');

/** The refusal that stands for any thrown value; what is not one of ours becomes a 500 without its text. */
export function toRegistryError(error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (code === 'SQLITE_CONSTRAINT_FOREIGNKEY') return registryGone();
  return ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'].includes(code) ? diskFull() : internal();
}

export const errorBody = ({ code, message, detail }: RegistryError): string =>
  JSON.stringify({ errors: [{ code, message, ...(detail === undefined ? {} : { detail }) }] });

export function writeError(response: ServerResponse, error: RegistryError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = errorBody(error);
  response.writeHead(error.status, {
    ...error.headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
