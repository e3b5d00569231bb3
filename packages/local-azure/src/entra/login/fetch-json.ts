import { once } from 'node:events';
import { type Agent, type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { ExpectedError } from '../../expected-error.ts';
import { readBody } from '../../read-body.ts';
import type { FetchJson } from './issuer-keys.ts';

const timeoutMs = 10_000;
const largest = 1024 * 1024;

/** Reads JSON over HTTP; `agentFor` tells how a URL is reached, or throws why it must not be. */
export const createFetchJson =
  (agentFor: (url: URL) => Agent | false): FetchJson =>
  async (url) => {
    const send = url.protocol === 'https:' ? secureRequest : plainRequest;
    if (send === plainRequest && url.protocol !== 'http:')
      throw new ExpectedError('It is not a web address.');
    const request = send(url, {
      agent: agentFor(url),
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) {
      response.destroy();
      throw new ExpectedError(`It answers with ${response.statusCode}.`);
    }
    const body = await readBody(response, largest);
    response.destroy();
    if (!body) throw new ExpectedError('Its answer is too large.');
    try {
      return JSON.parse(body.toString());
    } catch {
      throw new ExpectedError('Its answer is not JSON.');
    }
  };
