import { createHttpHeaders, type PipelineResponse } from '@azure/core-rest-pipeline';
import type { Azure } from '../src/azure/azure.ts';
import type { Http } from '../src/azure/http.ts';
import { createResourceManager } from '../src/azure/resource-manager.ts';

export interface Answer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What is answered to a request, by `METHOD url` without the api-version; the first pattern that matches decides. */
export type Answers = [pattern: RegExp, answer: Answer | unknown][];

/**
 * An Azure that answers from a table, in waves: whatever is asked side by side is answered together, so that the
 * number of waves is that of sequential round trips. What the table lacks is answered with 404.
 */
export function fakeAzure(answers: Answers): Azure & { waves: string[][] } {
  const waves: string[][] = [];
  let wave: { name: string; answer(): void }[] = [];
  const release = () => {
    const released = wave;
    wave = [];
    waves.push(released.map(({ name }) => name));
    for (const { answer } of released) answer();
  };
  const http: Http = (method, url) =>
    new Promise((resolve) => {
      const name = `${method} ${decodeURIComponent(url).replace(/[?&]api-version=[^&]+/, '')}`;
      if (wave.length === 0) setImmediate(release);
      wave.push({ name, answer: () => resolve(respond(answers, name)) });
    });
  return {
    waves,
    credential: { getToken: async () => ({ token: 't', expiresOnTimestamp: Infinity }) },
    resourceManager: createResourceManager(http),
    authenticated: http,
    graph: http,
    anonymous: http,
    visitor: http,
    now: Date.now,
  };
}

function respond(answers: Answers, name: string): PipelineResponse {
  const found = answers.find(([pattern]) => pattern.test(name))?.[1];
  const isAnswer = typeof found === 'object' && found !== null && ('status' in found || 'headers' in found);
  const absent = { error: { code: 'ResourceNotFound', message: `${name} is not there` } };
  const { status, body, headers } = (
    isAnswer ? found : { status: found ? 200 : 404, body: found ?? absent }
  ) as Answer;
  return {
    status: status ?? 200,
    headers: createHttpHeaders(headers),
    bodyAsText: body === undefined ? '' : JSON.stringify(body),
  } as PipelineResponse;
}

/** Resource Manager's refusal of an action. */
export const forbidden = (action: string): Answer => ({
  status: 403,
  body: {
    error: {
      code: 'AuthorizationFailed',
      message: `The client does not have authorization to perform action '${action}' over scope '/x'.`,
    },
  },
});
