import type { TokenCredential } from '@azure/identity';
import { Failure } from '../failure.ts';

/**
 * The usual chain: environment, workload identity, managed identity, Azure CLI, … Its errors become one sentence:
 * Entra's own when it answered, else that nobody is signed in.
 */
export async function createCredential(): Promise<TokenCredential> {
  // Loaded here, since it is the slowest import of all and `--help` must not pay for it.
  const { DefaultAzureCredential } = await import('@azure/identity');
  const chain = new DefaultAzureCredential();
  return {
    getToken: async (scopes, options) => {
      try {
        return await chain.getToken(scopes, options);
      } catch (error) {
        throw signInFailure(error);
      }
    },
  };
}

function signInFailure(error: unknown): Failure {
  const text = error instanceof Error ? error.message : String(error);
  const entra = /AADSTS\d+: [^\r\n]*?(?=\s*Trace ID|[\r\n]|$)/.exec(text)?.[0];
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
