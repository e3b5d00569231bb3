import { expect } from 'vitest';
import type { LocalAzureProcess } from './local-azure.ts';

/** One call to Microsoft Graph as the owner, by the Azure SDKs' own transport, and its answer. */
export async function graphCall(
  azure: LocalAzureProcess,
  method: string,
  path: string,
  body: object,
  // biome-ignore lint/suspicious/noExplicitAny: what is asserted of it is the test's business.
): Promise<any> {
  const script = `
    import * as identity from '@azure/identity';
    import * as rest from '@azure/core-rest-pipeline';
    const [method, path, body] = JSON.parse(process.argv[1]);
    const pipeline = rest.createPipelineFromOptions({});
    pipeline.addPolicy(rest.bearerTokenAuthenticationPolicy({
      credential: new identity.EnvironmentCredential(), scopes: 'https://graph.microsoft.com/.default',
    }));
    const answer = await pipeline.sendRequest(rest.createDefaultHttpClient(), rest.createPipelineRequest({
      url: 'https://graph.microsoft.com/v1.0' + path, method, body: JSON.stringify(body),
    }));
    console.log(answer.bodyAsText);`;
  const args = ['--input-type=module', '-e', script, JSON.stringify([method, path, body])];
  const { code, stdout, stderr } = await azure.run(process.execPath, args);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}
