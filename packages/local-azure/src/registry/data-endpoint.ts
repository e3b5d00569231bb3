import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BlobUrls } from './blob-urls.ts';
import { sendBlob } from './blobs.ts';
import { methodNotAllowed, type RegistryError, writeError } from './errors.ts';
import type { RegistryFacts } from './registry-facts.ts';
import type { Stores } from './request.ts';

/**
 * The dedicated data endpoint of a registry, which is Azure Storage under the registry's name: whoever has a URL that
 * the registry signed reads that blob, and need not say who he is.
 * Source: MicrosoftDocs/azure-docs container-registry-dedicated-data-endpoints.md
 */
export const createDataEndpoint =
  (stores: Stores, blobUrls: BlobUrls) =>
  async ({ loginServer }: RegistryFacts, request: IncomingMessage, response: ServerResponse) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed(['GET', 'HEAD']);
    const query = new URLSearchParams(request.url?.split('?')[1]);
    const { place, digest } = blobUrls.verify(loginServer, query);
    await sendBlob(stores, place, digest, request, response);
  };

/** By status. Source: learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes and blob-service-error-codes */
const storageErrors: Record<number, { code: string; message: string }> = {
  404: { code: 'BlobNotFound', message: 'The specified blob does not exist.' },
  405: { code: 'UnsupportedHttpVerb', message: "The resource doesn't support the specified HTTP verb." },
  416: {
    code: 'InvalidRange',
    message: 'The range specified is invalid for the current size of the resource.',
  },
  500: {
    code: 'InternalError',
    message: 'Server encountered an internal error. Please try again after some time.',
  },
};

/** Writes a refusal as Azure Storage does; the firewall's is the registry's own. */
export function writeStorageError(response: ServerResponse, error: RegistryError): void {
  if (error.code === 'DENIED' || response.headersSent) {
    writeError(response, error);
    return;
  }
  const { code, message } = storageErrors[error.status] ?? error;
  const detail =
    typeof error.detail === 'string'
      ? `<AuthenticationErrorDetail>${error.detail}</AuthenticationErrorDetail>`
      : '';
  const body =
    '<?xml version="1.0" encoding="utf-8"?>' +
    `<Error><Code>${code}</Code><Message>${message}</Message>${detail}</Error>`;
  response.writeHead(error.status, {
    ...error.headers,
    'x-ms-error-code': code,
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
