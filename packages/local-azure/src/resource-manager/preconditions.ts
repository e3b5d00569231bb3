import type { IncomingHttpHeaders } from 'node:http';
import type { ResourceRecord } from '../store/resources.ts';
import { AzureError } from './azure-error.ts';

/** How a resource's ETag is written in a header. */
export const etagOf = ({ etag }: ResourceRecord): string => `"${etag}"`;

/**
 * Throws unless the request's `If-Match` and `If-None-Match` hold for the resource as it is: a client that sends them
 * wants to write nothing over what it has not seen. Source: RFC 9110, 13.1
 */
export function checkPreconditions(headers: IncomingHttpHeaders, record: ResourceRecord | undefined): void {
  const names = (header: string | undefined) =>
    record !== undefined &&
    header !== undefined &&
    (header.trim() === '*' || listed(header).has(etagOf(record)));
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (ifMatch !== undefined && !names(ifMatch)) throw preconditionFailed('If-Match', ifMatch);
  if (names(ifNoneMatch)) throw preconditionFailed('If-None-Match', ifNoneMatch!);
}

/** `"a", W/"b"`; a mark of weakness does not matter here. */
const listed = (header: string) => new Set(header.split(',').map((tag) => tag.trim().replace(/^W\//, '')));

const preconditionFailed = (header: string, value: string) =>
  new AzureError(
    412,
    'PreconditionFailed',
    `The condition '${value}' in the ${header} header is not satisfied by the resource.`,
  );
