import { expect } from 'vitest';
import type { LocalAzureProcess } from './local-azure.ts';

const client = JSON.stringify(new URL('../packages/acrpull/dist/azure/azure.js', import.meta.url).href);

/** One call to Resource Manager, by the tool's own client in a process under the local Azure's settings. */
export async function armCall(
  azure: LocalAzureProcess,
  method: string,
  path: string,
  apiVersion: string,
  body?: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: what is asserted of it is the test's business.
): Promise<any> {
  return JSON.parse(
    await run(azure, 'JSON.stringify((await arm.send(...args)) ?? {})', method, path, apiVersion, body),
  );
}

/** The platform's log of a site, as Resource Manager has it. */
export const containerLog = (azure: LocalAzureProcess, siteId: string): Promise<string> =>
  run(azure, 'await arm.text(...args)', 'POST', `${siteId}/containerlogs`, '2023-12-01');

/** What an expression is that has the client, `arm`, and arguments, `args`. */
async function run(azure: LocalAzureProcess, expression: string, ...args: unknown[]): Promise<string> {
  const script = `
    const { connectAzure } = await import(${client});
    const { resourceManager: arm } = await connectAzure();
    const args = JSON.parse(process.argv[1]);
    console.log(${expression});`;
  const ran = await azure.run(process.execPath, ['--input-type=module', '-e', script, JSON.stringify(args)]);
  expect(ran.code, ran.stderr).toBe(0);
  return ran.stdout;
}
