import { type PipelinePolicy, RestError } from '@azure/core-rest-pipeline';
import { Unreachable } from './unreachable.ts';

/**
 * Recognises a name that does not resolve, before anything tries it again: from the resolver's own error, or, behind
 * a proxy, from the answer to CONNECT, which reaches us as if the host had said it.
 */
export const unknownHostPolicy: PipelinePolicy = {
  name: 'unknownHost',
  sendRequest: async (request, next) => {
    const { host } = new URL(request.url);
    try {
      const response = await next(request);
      if (response.status < 502 || response.status > 504) return response;
      if (!unresolved.test(response.bodyAsText ?? '')) return response;
    } catch (error) {
      if (!(error instanceof RestError && error.code === 'ENOTFOUND')) throw error;
    }
    throw new Unreachable(host, '', { noSuchHost: true });
  },
};

/** A repetition of these does no harm, even when the first one was heard. */
const idempotent = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

/** Names an answer that ends too early for what it is; the retries know its code. */
export const brokenAnswerPolicy: PipelinePolicy = {
  name: 'brokenAnswer',
  sendRequest: async (request, next) => {
    try {
      return await next(request);
    } catch (error) {
      if (!(error instanceof RestError && error.code === RestError.PARSE_ERROR)) throw error;
      throw new RestError('the connection broke off in the middle of the answer', {
        ...(idempotent.has(request.method) && { code: 'ECONNRESET' }),
        request,
      });
    }
  },
};

/** The words of resolvers and of common proxies. */
const unresolved = /ENOTFOUND|no such host|unable to determine IP address|could not resolve/i;
