import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BlobUrls } from './blob-urls.ts';
import type { Place } from './content.ts';
import { blobDamaged, blobUnknown, rangeNotSatisfiable } from './errors.ts';
import type { Digest } from './names.ts';
import { parseRange } from './range.ts';
import { placeOf, type RegistryRequest, type RouteOf, type Stores, sendEmpty } from './request.ts';
import { sendFile } from './send-file.ts';

type BlobRequest = RegistryRequest<RouteOf<'blob'>>;

/** GET and HEAD; a GET is sent on to the dedicated data endpoint. Source: distribution-spec "Pulling blobs". */
export const readBlob =
  (blobUrls: BlobUrls) =>
  async (stores: Stores, call: BlobRequest): Promise<void> => {
    const { request, response } = call;
    const { dataEndpoint } = call.facts;
    const { digest } = call.route;
    const place = placeOf(call);
    if (dataEndpoint === undefined || request.method === 'HEAD') {
      return sendBlob(stores, place, digest, request, response);
    }
    if (stores.content.tellBlob(place, digest) === undefined) throw blobUnknown(digest);
    sendEmpty(response, 307, {
      location: blobUrls.sign(dataEndpoint, place, digest),
      'docker-content-digest': digest,
    });
  };

/** Answers with a blob, or the part of it that the request's `Range` names. */
export async function sendBlob(
  { content, blobs }: Stores,
  place: Place,
  digest: Digest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const size = content.tellBlob(place, digest);
  if (size === undefined) throw blobUnknown(digest);

  const range = parseRange(request.headers.range, size);
  if (range === 'unsatisfiable') throw rangeNotSatisfiable(size);
  const { start, end } = range === 'whole' ? { start: 0, end: size - 1 } : range;

  const file = await blobs.open(digest);
  if (!file) throw blobUnknown(digest);
  try {
    const { size: stored } = await file.stat();
    if (stored !== size) throw blobDamaged(digest, stored, size);
    response.writeHead(range === 'whole' ? 200 : 206, {
      'accept-ranges': 'bytes',
      'content-type': 'application/octet-stream',
      'content-length': end - start + 1,
      'docker-content-digest': digest,
      etag: `"${digest}"`,
      ...(range === 'whole' ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }),
    });
    if (request.method === 'HEAD' || size === 0) response.end();
    else await sendFile(file, { start, end }, response);
  } finally {
    await file.close();
  }
}

/** The repository's blob; the file goes by `garbage.ts`. */
export function deleteBlob({ content }: Stores, call: BlobRequest): void {
  const { digest } = call.route;
  if (!content.removeBlob(placeOf(call), digest)) throw blobUnknown(digest);
  sendEmpty(call.response, 202, { 'docker-content-digest': digest });
}
