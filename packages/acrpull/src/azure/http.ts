import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  type Pipeline,
  type PipelinePolicy,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { version } from '../version.ts';
import { brokenAnswerPolicy, unknownHostPolicy } from './connection-policies.ts';
import { keepConnectionsPolicy } from './keep-connections.ts';
import { patiencePolicy, setDeadline } from './patience.ts';
import { Unreachable } from './unreachable.ts';

/**
 * The transport of the Azure SDKs: proxy and CA settings from the environment, retries with `Retry-After`, also of
 * answers that broke off, a fresh bearer token per call when a scope is given.
 *
 * The management libraries on top of it are left out on purpose: their serialisers drop properties that their
 * api-version does not know, and a dropped property is among the causes that this tool looks for (A11, D5).
 */
export function createHttp(
  credential?: { credential: TokenCredential; scope: string },
  { maxRetries = 3, maxRedirects = 3, client = createDefaultHttpClient(), onAnswer }: PipelineOptions = {},
): Http {
  const pipeline: Pipeline = createPipelineFromOptions({
    userAgentOptions: { userAgentPrefix: `acrpull/${version}` },
    retryOptions: { maxRetries },
    redirectOptions: { maxRetries: maxRedirects },
  });
  if (credential) {
    pipeline.addPolicy(
      bearerTokenAuthenticationPolicy({ credential: credential.credential, scopes: credential.scope }),
    );
  }
  // Next to the wire, so that the retries see what these say.
  for (const policy of [unknownHostPolicy, brokenAnswerPolicy, patiencePolicy]) {
    pipeline.addPolicy(policy, { phase: 'Sign' });
  }
  // Who asks once only must not meet a connection that the other side has given up meanwhile.
  if (maxRetries > 0) pipeline.addPolicy(keepConnectionsPolicy, { phase: 'Sign' });
  if (onAnswer) pipeline.addPolicy(tellAnswer(onAnswer), { phase: 'Sign' });
  return async (method, url, options = {}) => {
    const { timeoutMs = 60_000, signal } = options;
    const { host } = new URL(url);
    // The pipeline's own time limit would go on after an abort, and keep the process alive.
    const limit = new AbortController();
    const timer = timeoutMs > 0 ? setTimeout(() => limit.abort(), timeoutMs) : undefined;
    const request = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders(options.headers),
      abortSignal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
      ...(options.body !== undefined && { body: options.body }),
      ...(options.stream && { streamResponseStatusCodes: new Set([200]) }),
    });
    if (timeoutMs > 0) setDeadline(request, Date.now() + timeoutMs);
    try {
      return await pipeline.sendRequest(client, request);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (limit.signal.aborted) throw new Unreachable(host, `no answer within ${timeoutMs / 1000} s`);
      if (!(error instanceof RestError) || error.response) throw error;
      throw new Unreachable(host, error.message, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  };
}

interface PipelineOptions {
  maxRetries?: number;
  maxRedirects?: number;
  client?: HttpClient;
  /** Told of each answer when it has just come, also of one that is asked for again. */
  onAnswer?: (answer: PipelineResponse) => void;
}

const tellAnswer = (onAnswer: (answer: PipelineResponse) => void): PipelinePolicy => ({
  name: 'answer',
  sendRequest: async (request, next) => {
    const response = await next(request);
    onAnswer(response);
    return response;
  },
});

export type Http = (method: HttpMethods, url: string, options?: HttpOptions) => Promise<PipelineResponse>;

export interface HttpOptions {
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** With all retries. Defaults to a minute. 0 waits for ever. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Leave the body of a 200 in `readableStreamBody`. */
  stream?: boolean;
}
