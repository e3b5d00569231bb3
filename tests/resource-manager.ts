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
  const script = `
    const { connectAzure } = await import(${client});
    const { resourceManager } = await connectAzure();
    const answer = await resourceManager.send(...JSON.parse(process.argv[1]));
    console.log(JSON.stringify(answer ?? {}));`;
  const args = ['--input-type=module', '-e', script, JSON.stringify([method, path, apiVersion, body])];
  const { code, stdout, stderr } = await azure.run(process.execPath, args);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}
