import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';

/** Until when a request may take with all its retries, in milliseconds since the epoch. */
const deadlines = new WeakMap<PipelineRequest, number>();

export const setDeadline = (request: PipelineRequest, deadline: number) => deadlines.set(request, deadline);

/** Those that the retries of the SDKs look at. */
const retryAfterHeaders = ['retry-after-ms', 'x-ms-retry-after-ms', 'retry-after'];

/**
 * Lets the SDK's retries wait for as long as an answer asks, unless that is beyond the request's deadline: then the
 * answer itself says at once what there is to say.
 */
export const patiencePolicy: PipelinePolicy = {
  name: 'patience',
  sendRequest: async (request, next) => {
    const response = await next(request);
    const deadline = deadlines.get(request) ?? Number.POSITIVE_INFINITY;
    if (retryOn(response) > deadline) for (const name of retryAfterHeaders) response.headers.delete(name);
    return response;
  },
};

/** When an answer asks to be asked again. */
function retryOn({ headers }: PipelineResponse): number {
  const after = headers.get('retry-after') ?? '';
  const milliseconds = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
  const given = headers.get('retry-after-ms') ?? headers.get('x-ms-retry-after-ms');
  return Date.now() + (given === undefined ? milliseconds || 0 : Number(given));
}
