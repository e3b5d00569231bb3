import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { Failure } from '../failure.ts';
import { keepConnectionsPolicy } from './keep-connections.ts';

/** The credentials themselves would wait for ever. Shorter than the time that a request has which needs a token. */
const patienceMs = 30_000;

/**
 * The usual chain: environment, workload identity, managed identity, Azure CLI, … Its errors become one sentence:
 * Entra's own when it answered, that it did not, else that nobody is signed in.
 */
export async function createCredential(): Promise<TokenCredential> {
  // Loaded here, since it is the slowest import of all and `--help` must not pay for it.
  const { DefaultAzureCredential } = await import('@azure/identity');
  // Remembered, since the chain does not keep the error that says so.
  let silent: string | undefined;
  const policy = timeLimitPolicy((host) => {
    silent = host;
  });
  const chain = new DefaultAzureCredential({
    additionalPolicies: [
      { policy, position: 'perRetry' },
      { policy: keepConnectionsPolicy, position: 'perRetry' },
    ],
  });
  return {
    getToken: async (scopes, options) => {
      silent = undefined;
      try {
        return await chain.getToken(scopes, options);
      } catch (error) {
        if (silent === undefined) throw signInFailure(error);
        throw new Failure(`${silent} did not answer within ${patienceMs / 1000} s.`, {
          next: afterAWhile,
          cause: error,
        });
      }
    },
  };
}

const timeLimitPolicy = (onSilence: (host: string) => void): PipelinePolicy => ({
  name: 'timeLimit',
  sendRequest: async (request, next) => {
    const limit = new AbortController();
    const timer = setTimeout(() => {
      onSilence(new URL(request.url).host);
      limit.abort();
    }, patienceMs);
    request.abortSignal?.addEventListener('abort', () => limit.abort());
    request.abortSignal = limit.signal;
    return next(request).finally(() => clearTimeout(timer));
  },
});

const afterAWhile = 'check the network and HTTPS_PROXY, then run the command again in a minute';

/** Errors that pass by themselves. Source: learn.microsoft.com/entra/identity-platform/reference-error-codes */
const transient = /AADSTS(90033|90024|50033):/;

export function signInFailure(error: unknown): Failure {
  const text = error instanceof Error ? error.message : String(error);
  const entra = /AADSTS\d+: [^\r\n]*?(?=\s*(?:- )?(?:Trace|Correlation) ID|[\r\n]|$)/.exec(text)?.[0];
  if (entra && transient.test(entra))
    return new Failure(`Entra ID could not sign in: ${entra}`, { next: afterAWhile, cause: error });
  return entra
    ? new Failure(`Entra ID refused the sign-in: ${entra}`, {
        next: 'az login   (or correct AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET)',
        cause: error,
      })
    : new Failure('Nobody is signed in: no credential of the usual chain gave a token.', {
        next: 'az login   (in a pipeline: set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET)',
        cause: error,
      });
}
