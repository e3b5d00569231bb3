import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  type Pipeline,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { Failure } from '../failure.ts';

/**
 * The transport of the Azure SDKs: proxy and CA settings from the environment, retries with `Retry-After`, a fresh
 * bearer token per call when a scope is given.
 *
 * The management libraries on top of it are left out on purpose: their serialisers drop properties that their
 * api-version does not know, and a dropped property is among the causes that this tool looks for (A11, D5).
 */
export function createHttp(
  credential?: { credential: TokenCredential; scope: string },
  { maxRetries = 3 } = {},
): Http {
  const client = createDefaultHttpClient();
  const pipeline: Pipeline = createPipelineFromOptions({
    userAgentOptions: { userAgentPrefix: 'acrpull/0.1.0' },
    retryOptions: { maxRetries },
    redirectOptions: { maxRetries: 3 },
  });
  if (credential) {
    pipeline.addPolicy(
      bearerTokenAuthenticationPolicy({ credential: credential.credential, scopes: credential.scope }),
    );
  }
  return async (method, url, options = {}) => {
    const request = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders(options.headers),
      timeout: options.timeoutMs ?? 60_000,
      ...(options.body !== undefined && { body: options.body }),
      ...(options.signal && { abortSignal: options.signal }),
      ...(options.stream && { streamResponseStatusCodes: new Set([200]) }),
    });
    try {
      return await pipeline.sendRequest(client, request);
    } catch (error) {
      throw explained(error, url);
    }
  };
}

export type Http = (method: HttpMethods, url: string, options?: HttpOptions) => Promise<PipelineResponse>;

export interface HttpOptions {
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Defaults to a minute. 0 waits for ever. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Leave the body of a 200 in `readableStreamBody`. */
  stream?: boolean;
}

/** The host could not be reached at all: no such name, nobody listening, a broken connection. */
export class Unreachable extends Failure {
  readonly noSuchHost: boolean;
  constructor(host: string, noSuchHost: boolean, cause: unknown) {
    super(noSuchHost ? `${host}: no such host` : `${host} cannot be reached: ${messageOf(cause)}`, {
      resource: host,
      next: 'check the name, the network and HTTPS_PROXY, then run the command again',
      cause,
    });
    this.noSuchHost = noSuchHost;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function explained(error: unknown, url: string): unknown {
  if (!(error instanceof RestError) || error.response) return error;
  const text = `${error.code ?? ''} ${error.message}`;
  // A proxy answers the CONNECT for an unknown name with a status and repeats the resolver's words.
  return new Unreachable(new URL(url).host, /ENOTFOUND|EAI_AGAIN|no such host/i.test(text), error);
}
